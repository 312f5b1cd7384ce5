import type { NamedServer, NamedTool } from '../bindings/named.ts';
import { nameServers, nameTools } from '../bindings/names.ts';
import { CodeModeError } from '../code-mode-error.ts';
import { findServer } from '../discovery/find-server.ts';
import type { ServerSummary, ToolHost } from '../tool-host.ts';

/** How long a server that a script only mentions is waited for, in milliseconds. */
const MENTIONED_WAIT_MS = 5000;

export interface RunServersOptions {
  readonly host: Pick<ToolHost, 'servers' | 'tools' | 'knownTools'>;
  /** Whether servers may be used that were not loaded before. */
  readonly loadOnUse: boolean;
}

/** A server with its tools, as one execution sees them. */
export interface LoadedServer {
  readonly server: NamedServer;
  readonly tools: readonly NamedTool[];
}

/** The servers of one execution: those that the caller may reach, and which of them are loaded. */
export class RunServers {
  readonly #host: RunServersOptions['host'];
  readonly #loadOnUse: boolean;
  #all: readonly NamedServer[];
  readonly #loaded = new Map<string, Promise<LoadedServer>>();
  /** Those of `#loaded` that have come. */
  readonly #present = new Map<string, LoadedServer>();

  constructor({ host, loadOnUse }: RunServersOptions) {
    this.#host = host;
    this.#loadOnUse = loadOnUse;
    this.#all = nameAll(host.servers());
  }

  get all(): readonly NamedServer[] {
    return this.#all;
  }

  /** In the order in which they came. */
  get loaded(): readonly LoadedServer[] {
    return [...this.#present.values()];
  }

  ifLoaded(server: NamedServer): LoadedServer | undefined {
    return this.#present.get(server.name);
  }

  /**
   * Loads servers that the caller named, all at once.
   *
   * @throws {CodeModeError} `SERVER_UNKNOWN`, `SERVER_UNAVAILABLE`.
   */
  async loadNamed(names: readonly string[], signal: AbortSignal): Promise<void> {
    const servers = names.map((name) => findServer(this.#all, name));
    await Promise.all(servers.map((server) => this.#load(server, signal)));
  }

  /** Loads servers that the script mentions, as far as they can be had in a short time; the others are tried again when they are used. */
  async loadMentioned(servers: readonly NamedServer[], signal: AbortSignal): Promise<void> {
    if (!this.#loadOnUse) return;
    const soon = AbortSignal.any([signal, AbortSignal.timeout(MENTIONED_WAIT_MS)]);
    const waiting = servers.map(async (server) => {
      await untilAborted(this.#load(server, soon), soon);
    });
    // That one of them cannot be had is told to the call that wants it.
    await Promise.allSettled(waiting);
    signal.throwIfAborted();
  }

  /**
   * The server that a call means, loaded if it has to be and may be.
   *
   * @throws {CodeModeError} `SERVER_UNKNOWN`, `SERVER_UNAVAILABLE`.
   */
  async use(name: string, signal: AbortSignal): Promise<LoadedServer> {
    const server = findServer(this.#all, name);
    if (!this.#loadOnUse && !this.#loaded.has(server.name)) {
      throw new CodeModeError(
        'SERVER_UNKNOWN',
        `Server '${server.name}' is not available: name it in the argument "servers"`,
      );
    }
    return this.#load(server, signal);
  }

  /** Takes in what was added to the host meanwhile; the server is loaded. */
  async adopt(added: ServerSummary, signal: AbortSignal): Promise<LoadedServer> {
    this.#all = nameAll(this.#host.servers());
    const server = this.#all.find(({ name }) => name === added.name);
    if (server === undefined) {
      throw new CodeModeError('SERVER_UNKNOWN', `Server '${added.name}' is not available`);
    }
    return this.#load(server, signal);
  }

  #load(server: NamedServer, signal: AbortSignal): Promise<LoadedServer> {
    const known = this.#loaded.get(server.name);
    if (known !== undefined) return known;
    const loading = this.#ask(server, signal);
    this.#loaded.set(server.name, loading);
    return loading;
  }

  async #ask(server: NamedServer, signal: AbortSignal): Promise<LoadedServer> {
    try {
      const tools = nameTools(await this.#host.tools(server.name, signal));
      const loaded = { server, tools };
      this.#present.set(server.name, loaded);
      return loaded;
    } catch (error) {
      // The next one who wants it may have more luck.
      this.#loaded.delete(server.name);
      throw error;
    }
  }
}

function nameAll(servers: readonly ServerSummary[]): readonly NamedServer[] {
  return nameServers(servers.map(({ name }) => name));
}

/** Waits no longer than the signal lets, also for what does not listen to it. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => {
    reject(new CodeModeError('SERVER_UNAVAILABLE', 'The server did not answer in time'));
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  return Promise.race([promise, aborted]).finally(() => {
    signal.removeEventListener('abort', stop);
  });
}
