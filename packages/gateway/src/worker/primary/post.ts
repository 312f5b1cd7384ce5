import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadedConfig } from '../../config/index.ts';
import { reasonOf } from '../../lib/reason-of.ts';
import type { Logger } from '../../telemetry/index.ts';
import { BackOff } from '../../upstream/back-off.ts';
import { packConfig } from '../config-parcel.ts';
import type { StartOrder } from '../process/orders.ts';
import type { Desks } from './desks.ts';
import type { ForkedWorker } from './forked-worker.ts';

/** The part of a worker process that is needed to keep a post. */
export type WorkerProcess = Pick<ForkedWorker, 'channel' | 'connect' | 'ended' | 'kill' | 'pid'>;

/** One worker process with what the primary does for it. */
export interface Hired {
  readonly process: WorkerProcess;
  readonly desks: Pick<Desks, 'abandon'>;
}

export interface PostOptions {
  readonly worker: number;
  /** Starts a process for this post. */
  readonly hire: () => Hired;
  /** The configuration in force. */
  readonly loaded: () => LoadedConfig;
  readonly order: (loaded: LoadedConfig) => StartOrder;
  /** From now on the process may serve. */
  readonly onReady: (process: WorkerProcess) => void;
  /** It serves no more. */
  readonly onGone: (process: WorkerProcess) => void;
  readonly logger: Logger;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** One of the posts of a gateway: a worker process, and another one when it ends, until the post is given up. */
export class Post {
  readonly worker: number;
  readonly #options: PostOptions;
  readonly #backOff = new BackOff();
  readonly #givenUp = new AbortController();
  #hired: Hired;
  #ready = false;
  #restarts = 0;
  #kept: Promise<void> | undefined;

  /** Starts the first process, which can do nothing before `open`. */
  constructor(options: PostOptions) {
    this.#options = options;
    this.worker = options.worker;
    this.#hired = options.hire();
  }

  /** The process, while it serves. */
  get serving(): WorkerProcess | undefined {
    return this.#ready ? this.#hired.process : undefined;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /**
   * Resolves when the first process serves; from then on the post is kept. `keep` must be called then.
   *
   * @throws {Error} When it cannot, with the reason; then it has ended.
   */
  async open(): Promise<void> {
    try {
      await this.#order();
    } catch (cause) {
      this.#hired.process.kill();
      await this.#hired.process.ended;
      throw new Error(`Worker ${this.worker} does not start: ${reasonOf(cause)}`, { cause });
    }
  }

  /** Begins to deal out work, and to replace the process whenever it ends. */
  keep(): void {
    this.#nowReady();
    this.#kept ??= this.#keep();
  }

  /** Puts another configuration in force. A process that refuses what others have taken over is replaced. */
  async reload(next: LoadedConfig): Promise<void> {
    await this.serving?.channel.ask('reload', { config: packConfig(next) });
  }

  /** Lets the process end what it does, but no longer than this; then another one takes its place. */
  async replace(withinMs: number): Promise<void> {
    const { process } = this.#hired;
    this.#ready = false;
    this.#options.onGone(process);
    await end(process, withinMs);
  }

  /** Lets the process end what it does, but no longer than this; then ends it for good. */
  async giveUp(withinMs: number): Promise<void> {
    this.#givenUp.abort();
    await end(this.#hired.process, withinMs);
    await this.#kept;
  }

  async #keep(): Promise<void> {
    const { logger, worker, now, onGone, hire } = this.#options;
    for (;;) {
      const since = now();
      const { process, desks } = this.#hired;
      const how = await process.ended;
      this.#ready = false;
      onGone(process);
      const callsLost = await this.#settle(desks);
      if (this.#givenUp.signal.aborted) {
        return;
      }
      logger.error('a worker process ended and is replaced', { worker, how, callsLost });
      this.#backOff.ended(now(), now() - since);
      if (!(await this.#pause())) {
        return;
      }
      this.#restarts += 1;
      this.#hired = hire();
      void this.#openAgain(this.#hired.process);
    }
  }

  /** A process that does not start ends, and the next one is tried. Never rejects. */
  async #openAgain(process: WorkerProcess): Promise<void> {
    try {
      await this.#order();
      this.#nowReady();
    } catch (error) {
      process.kill();
      if (!this.#givenUp.signal.aborted) {
        const { logger, worker } = this.#options;
        logger.error('a worker process does not start', { worker, reason: reasonOf(error) });
      }
    }
  }

  /** Waits before the next start. False when the post is given up meanwhile. */
  async #pause(): Promise<boolean> {
    try {
      await sleep(this.#backOff.waitMs(this.#options.now()), undefined, { signal: this.#givenUp.signal });
    } catch {
      return false;
    }
    return true;
  }

  async #order(): Promise<void> {
    const { loaded, order } = this.#options;
    const { process } = this.#hired;
    let given = loaded();
    await process.channel.ask('start', order(given));
    // The configuration may have changed while it started.
    while (given !== loaded()) {
      given = loaded();
      await process.channel.ask('reload', { config: packConfig(given) });
    }
  }

  #nowReady(): void {
    this.#ready = true;
    this.#options.onReady(this.#hired.process);
  }

  async #settle(desks: Hired['desks']): Promise<number> {
    try {
      return await desks.abandon();
    } catch (error) {
      const { logger, worker } = this.#options;
      logger.error('outcomes of lost calls could not be recorded', { worker, reason: reasonOf(error) });
      return 0;
    }
  }
}

async function end(process: WorkerProcess, withinMs: number): Promise<void> {
  const { channel } = process;
  try {
    await channel.askWithin(withinMs, 'stop', null);
    channel[Symbol.dispose]();
  } catch {
    // It is gone already, or hangs.
    process.kill();
  }
  await process.ended;
}
