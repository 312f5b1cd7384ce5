import { nameServers, nameTools } from '../bindings/names.ts';
import type { NamedServer, NamedTool } from '../bindings/named.ts';
import { CodeModeError } from '../code-mode-error.ts';
import type { CodeModeSettings } from '../settings.ts';
import type { ToolHost } from '../tool-host.ts';
import { ServerAsker } from './ask-servers.ts';
import type { Detail, Discovery, SearchOptions, ServerDoc, ToolDoc } from './discovery.ts';
import { findServer } from './find-server.ts';
import { findTool } from './find-tool.ts';
import { ToolIndexCache, type SeenServer } from './search/index-cache.ts';
import { shownSchema } from './shown-schema.ts';
import { describe, shownToolName, toToolDoc } from './tool-doc.ts';
import { visibleText } from './visible-text.ts';

/** What discovery needs, for one caller. Times are milliseconds. */
export interface DiscoveryOptions {
  /** The caller's: what it does not show does not exist for discovery. */
  readonly host: Pick<ToolHost, 'servers' | 'knownTools' | 'tools'>;
  readonly settings: Pick<CodeModeSettings, 'maxDescriptionChars' | 'limits'>;
  /** May be shared among callers: an index serves only those who see exactly what is in it. Default: one of its own. */
  readonly indexes?: ToolIndexCache | undefined;
  /** How long a search waits for servers that were never listed, all of them together; default 5,000. */
  readonly waitMs?: number | undefined;
  /** How long a search leaves out a server that failed or was late; default 30,000. */
  readonly retryMs?: number | undefined;
  /** Of a steady clock; default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

const DEFAULT_WAIT_MS = 5000;
const DEFAULT_RETRY_MS = 30_000;
const DEFAULT_LIMIT = 5;
const MAX_LIMIT = 20;

/**
 * Discovery over what a host shows its caller. Every answer is made from what the host says at that moment; only indexes are kept, by their content.
 *
 * Wrong arguments are told by `CodeModeError` `ARGUMENT_INVALID`, unknown names by `SERVER_UNKNOWN` and `TOOL_UNKNOWN` with up to three near names among
 * those the caller may use; errors of the host are passed on.
 */
export function createDiscovery(options: DiscoveryOptions): Discovery {
  return new HostDiscovery(options);
}

class HostDiscovery implements Discovery {
  readonly #host: DiscoveryOptions['host'];
  readonly #maxDescriptionChars: number;
  readonly #maxAnswerChars: number;
  readonly #indexes: ToolIndexCache;
  readonly #asker: ServerAsker;

  constructor({ host, settings, indexes, waitMs, retryMs, now }: DiscoveryOptions) {
    this.#host = host;
    this.#maxDescriptionChars = settings.maxDescriptionChars;
    this.#maxAnswerChars = settings.limits.callOutputBytes;
    this.#indexes = indexes ?? new ToolIndexCache();
    this.#asker = new ServerAsker({
      host,
      now: now ?? (() => performance.now()),
      waitMs: waitMs ?? DEFAULT_WAIT_MS,
      retryMs: retryMs ?? DEFAULT_RETRY_MS,
    });
  }

  discoveredServers(
    detailed: boolean,
  ): readonly string[] | readonly { readonly name: string; readonly description: string }[] {
    const servers = this.#host.servers();
    if (!detailed) return servers.map(({ name }) => name);
    return servers.map(({ name, description }) => ({
      name,
      description: visibleText(description ?? '', this.#maxDescriptionChars),
    }));
  }

  async listTools(server: string, signal: AbortSignal): Promise<readonly ToolDoc[]> {
    const found = this.#findServer(server);
    return this.#docsOf(found, await this.#toolsOf(found, signal), 'summary');
  }

  async queryToolDocs(
    server: string,
    {
      tool,
      detail = 'summary',
    }: { readonly tool?: string | undefined; readonly detail?: Detail | undefined },
    signal: AbortSignal,
  ): Promise<readonly ToolDoc[] | ToolDoc> {
    const found = this.#findServer(server);
    const tools = await this.#toolsOf(found, signal);
    if (tool === undefined) return this.#docsOf(found, tools, detail);
    return this.#docOf(found, findTool(found, tools, tool), detail);
  }

  async searchToolDocs(
    query: string,
    { limit = DEFAULT_LIMIT, detail = 'summary', onMissing }: SearchOptions,
    signal: AbortSignal,
  ): Promise<readonly ToolDoc[]> {
    if (!Number.isInteger(limit)) {
      throw new CodeModeError('ARGUMENT_INVALID', "'limit' must be an integer");
    }
    if (query.trim() === '') return [];
    const seen = await this.#seenServers(signal, onMissing);
    const index = await this.#indexes.get(seen);
    return index
      .search(query, Math.min(MAX_LIMIT, Math.max(1, limit)))
      .map(({ server, tool }) => this.#docOf(server, tool, detail));
  }

  async describeServer(server: string, signal: AbortSignal): Promise<ServerDoc> {
    const found = this.#findServer(server);
    const summary = this.#host.servers().find(({ name }) => name === found.name);
    const tools = await this.#toolsOf(found, signal);
    const description = visibleText(summary?.description ?? '', this.#maxDescriptionChars);
    return this.#bounded(found, {
      name: found.name,
      alias: found.alias,
      ...(description === '' ? {} : { description }),
      cwd: summary?.cwd ?? null,
      tools: tools.map((tool) => {
        const told = describe(tool, this.#maxDescriptionChars);
        return {
          name: shownToolName(tool),
          alias: tool.alias,
          ...(told === '' ? {} : { description: told }),
          input_schema: shownSchema(tool.definition.inputSchema, this.#maxDescriptionChars),
        };
      }),
    });
  }

  #servers(): readonly NamedServer[] {
    return nameServers(this.#host.servers().map(({ name }) => name));
  }

  #findServer(wanted: string): NamedServer {
    return findServer(this.#servers(), wanted);
  }

  async #toolsOf(server: NamedServer, signal: AbortSignal): Promise<readonly NamedTool[]> {
    return nameTools(await this.#host.tools(server.name, signal));
  }

  async #seenServers(
    signal: AbortSignal,
    onMissing: SearchOptions['onMissing'],
  ): Promise<readonly SeenServer[]> {
    const servers = this.#servers();
    const unlisted = servers.filter(({ name }) => this.#host.knownTools(name) === undefined);
    const asked = await this.#asker.ask(
      unlisted.map(({ name }) => name),
      signal,
    );
    // What is known is read after the wait: a tool that was taken from the caller meanwhile is gone.
    const seen = servers.flatMap((server) => {
      const tools = this.#host.knownTools(server.name) ?? asked.get(server.name);
      return tools === undefined ? [] : [{ server, tools }];
    });
    const missing = servers.filter((server) => !seen.some((one) => one.server === server));
    if (missing.length > 0) onMissing?.(missing.map(({ name }) => name));
    return seen;
  }

  #docsOf(server: NamedServer, tools: readonly NamedTool[], detail: Detail): readonly ToolDoc[] {
    return this.#bounded(
      server,
      tools.map((tool) => this.#docOf(server, tool, detail)),
    );
  }

  #docOf(server: NamedServer, tool: NamedTool, detail: Detail): ToolDoc {
    return toToolDoc(server, tool, detail, this.#maxDescriptionChars);
  }

  /** An answer that would not fit through the one call of the sandbox is refused with the remedy. */
  #bounded<T>(server: NamedServer, answer: T): T {
    const { length } = JSON.stringify(answer);
    if (length <= this.#maxAnswerChars) return answer;
    throw new CodeModeError(
      'ARGUMENT_INVALID',
      `Documentation of server ${server.name} is ${length} characters, at most ${this.#maxAnswerChars} can be given; ` +
        `use searchToolDocs(query), or queryToolDocs(server, {tool})`,
    );
  }
}
