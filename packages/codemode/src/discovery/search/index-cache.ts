import { hash } from 'node:crypto';
import type { NamedServer } from '../../bindings/named.ts';
import { nameTools } from '../../bindings/names.ts';
import type { ToolDefinition } from '../../tool-host.ts';
import { ToolIndex } from './tool-index.ts';

/** A server with the tools that one caller may call. */
export interface SeenServer {
  readonly server: NamedServer;
  readonly tools: readonly ToolDefinition[];
}

/** Tools that are searched at most: of one server, and together. */
const MAX_TOOLS_PER_SERVER = 2000;
const MAX_TOOLS = 10_000;
const MAX_INDEXES = 16;

/**
 * Indexes by what is in them. Callers who see the very same tools share one; a caller who sees a tool less has another, built without it. What was used
 * longest ago is forgotten first.
 */
export class ToolIndexCache {
  readonly #indexes = new Map<string, Promise<ToolIndex>>();
  readonly #digests = new WeakMap<ToolDefinition, string>();
  readonly #maxIndexes: number;

  /** @throws {RangeError} when there is to be no index at all. */
  constructor(maxIndexes: number = MAX_INDEXES) {
    if (!Number.isSafeInteger(maxIndexes) || maxIndexes < 1) {
      throw new RangeError(`A cache of indexes holds at least one, not ${maxIndexes}`);
    }
    this.#maxIndexes = maxIndexes;
  }

  get(servers: readonly SeenServer[]): Promise<ToolIndex> {
    const searched = bounded(servers);
    const key = this.#fingerprint(searched);
    const index =
      this.#indexes.get(key) ??
      ToolIndex.build(searched.map(({ server, tools }) => ({ server, tools: nameTools(tools) })));
    this.#indexes.delete(key);
    this.#indexes.set(key, index);
    for (const oldest of this.#indexes.keys()) {
      if (this.#indexes.size <= this.#maxIndexes) break;
      this.#indexes.delete(oldest);
    }
    return index;
  }

  #fingerprint(servers: readonly SeenServer[]): string {
    const parts = servers.map(({ server, tools }) => [
      server.name,
      server.alias,
      server.snake,
      tools.map((tool) => this.#digestOf(tool)).join(' '),
    ]);
    return hash('sha256', JSON.stringify(parts), 'base64url');
  }

  #digestOf(tool: ToolDefinition): string {
    const known = this.#digests.get(tool);
    if (known !== undefined) return known;
    const { name, title, description, inputSchema, outputSchema } = tool;
    const text = JSON.stringify([name, title, description, inputSchema, outputSchema]);
    const digest = hash('sha256', text, 'base64url');
    this.#digests.set(tool, digest);
    return digest;
  }
}

function bounded(servers: readonly SeenServer[]): readonly SeenServer[] {
  let room = MAX_TOOLS;
  return servers.map(({ server, tools }) => {
    const kept = tools.slice(0, Math.min(room, MAX_TOOLS_PER_SERVER));
    room -= kept.length;
    return { server, tools: kept };
  });
}
