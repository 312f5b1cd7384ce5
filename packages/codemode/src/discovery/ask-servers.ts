import type { ToolDefinition, ToolHost } from '../tool-host.ts';

/** Times in milliseconds. */
export interface AskOptions {
  readonly host: Pick<ToolHost, 'tools'>;
  /** Of a steady clock. */
  readonly now: () => number;
  /** How long all of one question may take together. */
  readonly waitMs: number;
  /** How long a server that failed or was late is left alone. */
  readonly retryMs: number;
}

/** Servers that are asked at the same time; starting one may mean starting a process. */
const MAX_PARALLEL = 16;

/** Asks servers for their tools, many at once, and waits for no longer than it may. */
export class ServerAsker {
  readonly #options: AskOptions;
  /** When each may be asked again. */
  readonly #restUntil = new Map<string, number>();

  constructor(options: AskOptions) {
    this.#options = options;
  }

  /**
   * The tools of those that answer in time; the others are missing. A server that is late is not stopped: it will have been listed when it is looked for next.
   *
   * @throws the signal's reason.
   */
  async ask(
    servers: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly ToolDefinition[]>> {
    signal.throwIfAborted();
    const { now, waitMs, retryMs } = this.#options;
    const asked = servers.filter((server) => now() >= (this.#restUntil.get(server) ?? -Infinity));
    const found = new Map<string, readonly ToolDefinition[]>();
    if (asked.length === 0) return found;
    const queue = asked.values();
    let over = false;
    const askNext = async (): Promise<void> => {
      for (const server of queue) {
        if (over) return;
        const tools = await this.#ifTools(server, signal);
        if (tools !== undefined && !over) found.set(server, tools);
      }
    };
    await within(
      Promise.all(Array.from({ length: Math.min(MAX_PARALLEL, asked.length) }, askNext)),
      waitMs,
      signal,
    );
    over = true;
    signal.throwIfAborted();
    for (const server of asked) {
      if (found.has(server)) this.#restUntil.delete(server);
      else this.#restUntil.set(server, now() + retryMs);
    }
    return found;
  }

  async #ifTools(server: string, signal: AbortSignal): Promise<readonly ToolDefinition[] | undefined> {
    try {
      return await this.#options.host.tools(server, signal);
    } catch {
      // Whatever is the matter with one server, the others are searched; whoever asks for this one by name hears of it.
      return undefined;
    }
  }
}

/** Waits for the work, the time or the signal, whichever is first. */
async function within(work: Promise<unknown>, waitMs: number, signal: AbortSignal): Promise<void> {
  const over = Promise.withResolvers<void>();
  const end = (): void => over.resolve();
  const timer = setTimeout(end, waitMs);
  signal.addEventListener('abort', end, { once: true });
  try {
    await Promise.race([work, over.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
