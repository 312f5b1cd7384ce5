import MiniSearch from 'minisearch';
import { createDiscovery, DEFAULT_SETTINGS, type ToolDefinition, type ToolDoc } from '@smcp/codemode';
import type { Catalogue } from '../catalogues/catalogue.ts';

/** Tools as `server/tool`, best first. */
export type Ranker = (query: string, limit: number) => Promise<readonly string[]>;

/** Discovery as scripts have it, for a caller who may call everything. */
export function createOurs(catalogues: readonly Catalogue[]): Ranker {
  const tools = new Map(
    catalogues.map(({ server, tools: listed }): [string, readonly ToolDefinition[]] => [server, listed]),
  );
  const { signal } = new AbortController();
  const discovery = createDiscovery({
    host: {
      servers: () => catalogues.map(({ server }) => ({ name: server })),
      knownTools: (server) => tools.get(server),
      tools: async (server) => tools.get(server) ?? [],
    },
    settings: DEFAULT_SETTINGS,
  });
  return async (query, limit) =>
    (await discovery.searchToolDocs(query, { limit }, signal)).map(
      (doc: ToolDoc) => `${doc.server}/${doc.tool}`,
    );
}

/** The search that the known bridge for scripts has: every word must occur somewhere, servers and tools keep their order. */
export function createSubstring(catalogues: readonly Catalogue[]): Ranker {
  const tools = flat(catalogues).map(({ id, server, name, description }) => ({
    id,
    text: [server, toSnake(server), name, toSnake(name), description].join(' ').toLowerCase(),
  }));
  return async (query, limit) => {
    const words = query.toLowerCase().split(/\s+/u).filter(Boolean);
    return tools
      .filter(({ text }) => words.every((word) => text.includes(word)))
      .slice(0, limit)
      .map(({ id }) => id);
  };
}

/** The index library as it comes, with prefixes and typos switched on. */
export function createPlainMiniSearch(catalogues: readonly Catalogue[]): Ranker {
  const index = new MiniSearch({ fields: ['server', 'name', 'title', 'description'] });
  index.addAll(flat(catalogues));
  return async (query, limit) =>
    index
      .search(query, { prefix: true, fuzzy: 0.2 })
      .slice(0, limit)
      .map(({ id }) => id as string);
}

interface FlatTool {
  readonly id: string;
  readonly server: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

function flat(catalogues: readonly Catalogue[]): readonly FlatTool[] {
  return catalogues.flatMap(({ server, tools }) =>
    tools.map(({ name, title = '', description = '' }) => ({
      id: `${server}/${name}`,
      server,
      name,
      title,
      description,
    })),
  );
}

function toSnake(name: string): string {
  return name.replaceAll(/[^0-9a-zA-Z_]+/gu, '_').toLowerCase();
}
