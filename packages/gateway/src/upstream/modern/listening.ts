import { RPC_ERRORS, type JsonObject } from '@smcp/protocol';
import type { Channel } from '../channel.ts';
import { untilSignal } from '../exchange.ts';
import { pause } from '../pause.ts';
import { quoted } from '../quoted.ts';
import { UpstreamError } from '../upstream-error.ts';
import {
  changedMethods,
  isEmpty,
  readPromise,
  withoutSubscriptionId,
  type ListenFilter,
} from './listen-filter.ts';
import { ListenStream } from './listen-stream.ts';

const PAUSES_MS = [0, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000] as const;
/** A stream that held for so long was a good one. */
const STABLE_MS = 10_000;
/** Errors that another attempt would bring again. */
const FINAL: ReadonlySet<number | undefined> = new Set([RPC_ERRORS.methodNotFound, RPC_ERRORS.invalidParams]);

export interface ListeningOptions {
  readonly channel: Channel;
  /** Members of `_meta` for this hop. */
  readonly hop: JsonObject;
  /** Changes of lists that the server announces. */
  readonly lists: ReadonlySet<string>;
  readonly notification: (method: string, params: JsonObject) => void;
}

type Followed = 'uris' | 'taskIds';

/**
 * What a modern server tells of its own accord: one `subscriptions/listen` for everything that is wanted.
 *
 * When that changes, a new one is opened first and the old one ended after its acknowledgement, so that nothing is missed. One that breaks is opened
 * again, at once and then after ever longer pauses; then the lists that were announced count as changed, for nobody knows what happened meanwhile.
 */
export class Listening implements Disposable {
  readonly #options: ListeningOptions;
  readonly #wanted = { uris: new Set<string>(), taskIds: new Set<string>() };
  readonly #closing = new AbortController();
  #opening: ListenStream | undefined;
  #current: ListenStream | undefined;
  /** Lists whose changes may have been missed. */
  #missed: ReadonlySet<string> = new Set();
  #failures = 0;
  #isRetrying = false;
  /** Rounds follow one another; whoever asks while one is under way shares the next. */
  #round: Promise<ListenFilter | undefined> = Promise.resolve(undefined);
  #nextRound: Promise<ListenFilter | undefined> | undefined;

  constructor(options: ListeningOptions) {
    this.#options = options;
  }

  /** Begins to listen for changes of lists, if the server announces any. Nobody waits for it. */
  begin(): void {
    if (this.#options.lists.size > 0) {
      this.#refresh().catch(() => undefined);
    }
  }

  /**
   * Follows one more thing; resolves once the server has promised it.
   *
   * @throws {UpstreamError} `UPSTREAM_REFUSED` when it does not promise it; what broke the way otherwise. Then it is not followed.
   */
  async follow(what: Followed, name: string): Promise<void> {
    this.#wanted[what].add(name);
    try {
      const promised = await this.#refresh();
      if (promised?.[what].has(name) !== true) {
        throw new UpstreamError(
          'UPSTREAM_REFUSED',
          `Server "${this.#options.channel.name}" does not tell of changes of ${quoted(name)}`,
        );
      }
    } catch (error) {
      this.#wanted[what].delete(name);
      throw error;
    }
  }

  /** Follows it no more. Nobody waits for the server to know. */
  unfollow(what: Followed, name: string): void {
    if (this.#wanted[what].delete(name)) {
      this.#refresh().catch(() => undefined);
    }
  }

  /** A notification of the listen with this id came. Only those of the present one count. */
  hear(id: number, method: string, params: JsonObject): void {
    if (method === 'notifications/subscriptions/acknowledged') {
      if (this.#opening?.id === id) {
        this.#acknowledge(this.#opening, readPromise(params));
      }
    } else if (this.#current?.id === id) {
      this.#options.notification(method, withoutSubscriptionId(params));
    }
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
    this.#opening?.stop();
    this.#current?.stop();
    this.#current = undefined;
  }

  #refresh(): Promise<ListenFilter | undefined> {
    this.#nextRound ??= this.#round
      .catch(() => undefined)
      .then(async () => {
        this.#nextRound = undefined;
        this.#round = this.#open();
        return await this.#round;
      });
    return this.#nextRound;
  }

  /** Listens to what is wanted now. Gives what the server promises; undefined when nothing is wanted. */
  async #open(): Promise<ListenFilter | undefined> {
    const { channel, hop, lists } = this.#options;
    const { uris, taskIds } = this.#wanted;
    const filter: ListenFilter = { lists, uris: new Set(uris), taskIds: new Set(taskIds) };
    if (isEmpty(filter) || this.#closing.signal.aborted) {
      this.#current?.stop();
      this.#current = undefined;
      return undefined;
    }
    const stream = new ListenStream(channel);
    this.#opening = stream;
    void stream.run(filter, hop).then(() => {
      this.#onEnd(stream);
    });
    try {
      return await stream.acknowledged();
    } catch (error) {
      if (this.#current === undefined && !isFinal(error)) {
        this.#missed = lists;
        void this.#openLater();
      }
      throw error;
    } finally {
      this.#opening = undefined;
    }
  }

  /** Told at once, because whatever follows in the same stretch must find the stream to be the present one. */
  #acknowledge(stream: ListenStream, promised: ListenFilter): void {
    const before = this.#current;
    const missed = this.#missed;
    this.#current = stream;
    this.#missed = new Set();
    stream.acknowledge(promised);
    before?.stop();
    for (const method of changedMethods(missed)) {
      this.#options.notification(method, {});
    }
  }

  /** A stream has ended. If nobody stopped it, it is opened again, unless nothing had been promised on it. */
  #onEnd(stream: ListenStream): void {
    const { promised } = stream;
    if (this.#current !== stream || stream.isStopped || promised === undefined) {
      return;
    }
    this.#current = undefined;
    if (!isEmpty(promised)) {
      this.#missed = promised.lists;
      if (performance.now() - stream.openedAt >= STABLE_MS) {
        this.#failures = 0;
      }
      void this.#openLater();
    }
  }

  async #openLater(): Promise<void> {
    const { signal } = this.#closing;
    if (this.#isRetrying || this.#options.channel.closed !== undefined) {
      return;
    }
    this.#isRetrying = true;
    const pauseMs = PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length - 1)];
    this.#failures += 1;
    await pause(pauseMs ?? 0, untilSignal(signal));
    this.#isRetrying = false;
    if (!signal.aborted) {
      await this.#refresh().catch(() => undefined);
    }
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof UpstreamError && FINAL.has(error.rpcCode);
}
