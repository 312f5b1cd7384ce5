import os from 'node:os';
import { systemClock, type Clock } from '../lib/clock.ts';
import { SandboxError } from '../sandbox-error.ts';
import { FairQueue } from './fair-queue.ts';
import type { Lease, PoolEntry, PooledRunner } from './pooled-runner.ts';
import { checkedPoolSettings, type PoolSettings } from './pool-settings.ts';
import { StartDelay } from './start-delay.ts';
import { Waiter, type AcquireOptions } from './waiter.ts';

/** After a runner was handed out, so that a refill does not compete with what it was handed out for. */
const REFILL_DELAY_MS = 50;
/** Memory is looked at after so many runs of a runner. */
const MEMORY_CHECK_RUNS = 10;
const MAX_STARTING = Math.max(2, os.availableParallelism());

export interface PoolOptions<R extends PooledRunner> {
  /** Starts a runner. @throws {SandboxError} `RUNNER_FAILED`. */
  readonly start: (signal: AbortSignal) => Promise<R>;
  readonly settings: Partial<PoolSettings>;
  readonly clock?: Clock;
}

/** How many runners are what at the moment. */
export interface PoolCounts {
  readonly starting: number;
  readonly warm: number;
  readonly busy: number;
  readonly idle: number;
  readonly ending: number;
  readonly waiting: number;
}

/**
 * Runners kept ready, each for one owner only.
 *
 * A runner belongs to nobody until it is first handed out, and to that owner until it is killed. It is given back idle for the next run of the same owner;
 * idle ones are killed after a while, after a number of runs, when they have grown, or when another owner needs the room. Owners who wait are served in turn.
 */
export class RunnerPool<R extends PooledRunner> implements AsyncDisposable {
  readonly #start: PoolOptions<R>['start'];
  readonly #settings: PoolSettings;
  readonly #clock: Clock;
  /** All but those that are starting; idle ones in the order in which they became so. */
  readonly #entries = new Set<PoolEntry<R>>();
  readonly #queue = new FairQueue<Waiter<R>>();
  readonly #closing = new AbortController();
  readonly #startDelay = new StartDelay();
  readonly #starts = new Set<Promise<void>>();
  #idleTimer: Disposable | undefined;
  #refillTimer: Disposable | undefined;

  /** @throws {RangeError} When a setting is out of bounds. */
  constructor({ start, settings, clock }: PoolOptions<R>) {
    this.#start = start;
    this.#settings = checkedPoolSettings(settings);
    this.#clock = clock ?? systemClock;
    this.#refillSoon(0);
  }

  get counts(): PoolCounts {
    const count = (state: PoolEntry<R>['state']): number => this.#in(state).length;
    return {
      starting: this.#starts.size,
      warm: count('warm'),
      busy: count('busy'),
      idle: count('idle'),
      ending: count('ending'),
      waiting: this.#queue.size,
    };
  }

  /**
   * Hands out a runner of this owner, or one that belongs to nobody yet.
   *
   * @throws {SandboxError} `POOL_FULL` when too many wait or the wait was too long, `RUNNER_FAILED` when none could be started, `CLOSED`.
   */
  async acquire(owner: string, options: AcquireOptions): Promise<Lease<R>> {
    options.signal?.throwIfAborted();
    this.#refuseClosed();
    this.#refuseFull(owner, options.persistent);
    const waiter = new Waiter<R>(owner, options);
    this.#queue.add(owner, waiter);
    waiter.wait(
      this.#clock,
      this.#settings.waitTimeoutMs,
      () => new SandboxError('POOL_FULL', `No runner was free within ${this.#settings.waitTimeoutMs} ms`),
      () => {
        this.#queue.remove(owner, waiter);
      },
    );
    this.#pump();
    return await waiter.lease;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort();
      this.#idleTimer?.[Symbol.dispose]();
      this.#refillTimer?.[Symbol.dispose]();
      for (const waiter of this.#queue.drain()) {
        waiter.fail(closed());
      }
      for (const entry of this.#entries) {
        this.#end(entry, 'the pool was closed');
      }
    }
    await Promise.all([...this.#starts, ...[...this.#entries].map(async ({ runner }) => runner.exited)]);
  }

  #refuseClosed(): void {
    if (this.#closing.signal.aborted) {
      throw closed();
    }
  }

  #refuseFull(owner: string, persistent: boolean): void {
    const { maxPersistent, maxWaiting, maxWaitingPerOwner } = this.#settings;
    const sessions = this.#in('busy').filter((entry) => entry.persistent).length;
    const waitingSessions = this.#queue.items().filter((waiter) => waiter.persistent).length;
    if (persistent && sessions + waitingSessions >= maxPersistent) {
      throw new SandboxError(
        'POOL_FULL',
        `There are ${maxPersistent} sessions, which is the most there may be`,
      );
    }
    if (this.#queue.size >= maxWaiting || this.#queue.sizeOf(owner) >= maxWaitingPerOwner) {
      // One that can be served at once does not wait.
      if (this.#queue.sizeOf(owner) > 0 || this.#ready(owner, persistent) === undefined) {
        throw new SandboxError('POOL_FULL', 'Too many scripts wait for a runner');
      }
    }
  }

  /**
   * Serves in turn who can be served, and makes room for the others. Whoever is first in turn is not passed over by an owner that has an idle runner when
   * that runner has to go to make room: a busy owner would keep its runners for ever.
   */
  #pump(): void {
    if (this.#closing.signal.aborted) {
      return;
    }
    const { max } = this.#settings;
    const room = new Map<string, number>();
    let needs = 0;
    for (const waiter of this.#queue.inTurn(2 * max)) {
      const left = room.get(waiter.owner) ?? this.#room(waiter.owner);
      room.set(waiter.owner, left - 1);
      if (left <= 0) {
        continue;
      }
      const entry = this.#ready(waiter.owner, waiter.persistent);
      if (entry !== undefined) {
        this.#serve(waiter, entry);
        continue;
      }
      needs += 1;
      if (needs > max - this.#entries.size + this.#in('ending').length) {
        this.#makeRoom();
      }
    }
    this.#startFor(needs);
    this.#refillSoon(REFILL_DELAY_MS);
  }

  #serve(waiter: Waiter<R>, entry: PoolEntry<R>): void {
    this.#queue.served(waiter.owner, waiter);
    entry.state = 'busy';
    entry.owner = waiter.owner;
    entry.persistent = waiter.persistent;
    let givenBack = false;
    waiter.serve({
      runner: entry.runner,
      giveBack: (fit) => {
        if (!givenBack) {
          givenBack = true;
          this.#giveBack(entry, fit);
        }
      },
    });
  }

  /** Ends the runner that has been idle for longest; what waits is served once it has gone. */
  #makeRoom(): void {
    const [oldest] = this.#in('idle');
    if (oldest !== undefined) {
      this.#end(oldest, 'another owner needs the room');
    }
  }

  /** An idle runner of the owner, most recently used first, or one of nobody. */
  #ready(owner: string, persistent: boolean): PoolEntry<R> | undefined {
    const own = persistent ? undefined : this.#in('idle').findLast((entry) => entry.owner === owner);
    return own ?? this.#in('warm')[0];
  }

  /** How many more runners may work for an owner. */
  #room(owner: string): number {
    return this.#settings.maxPerOwner - this.#in('busy').filter((entry) => entry.owner === owner).length;
  }

  #startFor(needs: number): void {
    while (
      this.#starts.size < Math.min(needs, MAX_STARTING) &&
      this.#entries.size + this.#starts.size < this.#settings.max
    ) {
      this.#startOne();
    }
  }

  #startOne(): void {
    const started = this.#enter();
    this.#starts.add(started);
    void started.finally(() => {
      this.#starts.delete(started);
      this.#pump();
    });
  }

  async #enter(): Promise<void> {
    let runner: R;
    try {
      runner = await this.#start(this.#closing.signal);
    } catch (cause) {
      this.#startDelay.failed();
      // Whoever is next learns why; the others have their own try.
      this.#failNext(cause);
      return;
    }
    const entry: PoolEntry<R> = {
      runner,
      owner: undefined,
      state: 'warm',
      persistent: false,
      idleSince: 0,
      firstBytes: undefined,
    };
    this.#entries.add(entry);
    void this.#untilExit(entry);
    if (this.#closing.signal.aborted) {
      this.#end(entry, 'the pool was closed');
    } else {
      this.#startDelay.succeeded();
    }
  }

  #failNext(cause: unknown): void {
    const next = this.#queue.inTurn(2 * this.#settings.max).find(({ owner }) => this.#room(owner) > 0);
    if (next !== undefined) {
      this.#queue.served(next.owner, next);
      next.fail(cause);
    }
  }

  async #untilExit(entry: PoolEntry<R>): Promise<void> {
    await entry.runner.exited;
    if (entry.state === 'warm') {
      // It was asked for nothing, so whatever ended it will end the next one too.
      this.#startDelay.failed();
    }
    this.#entries.delete(entry);
    this.#pump();
  }

  #giveBack(entry: PoolEntry<R>, fit: boolean): void {
    const { oneshot, maxRuns } = this.#settings;
    const used = entry.runner.runs >= maxRuns;
    if (!fit || oneshot || used || entry.persistent || !entry.runner.alive || this.#closing.signal.aborted) {
      this.#end(entry, used ? 'it has run often enough' : 'it is not to be used again');
      return;
    }
    entry.state = 'idle';
    entry.idleSince = this.#clock.now();
    // Last among the idle ones.
    this.#entries.delete(entry);
    this.#entries.add(entry);
    if (entry.firstBytes === undefined || entry.runner.runs % MEMORY_CHECK_RUNS === 0) {
      void this.#endIfGrown(entry);
    }
    this.#endIdleLater();
    this.#pump();
  }

  async #endIfGrown(entry: PoolEntry<R>): Promise<void> {
    const usage = await entry.runner.usage();
    if (usage === undefined) {
      return;
    }
    entry.firstBytes ??= usage.residentBytes;
    if (entry.state === 'idle' && usage.residentBytes - entry.firstBytes > this.#settings.maxGrowthBytes) {
      this.#end(entry, 'its memory has grown');
    }
  }

  #endIdleLater(): void {
    const [oldest] = this.#in('idle');
    if (oldest === undefined || this.#idleTimer !== undefined) {
      return;
    }
    const due = oldest.idleSince + this.#settings.idleMs;
    this.#idleTimer = this.#clock.after(
      Math.max(0, due - this.#clock.now()),
      () => {
        this.#idleTimer = undefined;
        const now = this.#clock.now();
        for (const entry of this.#in('idle')) {
          // A timer may come some fraction of a millisecond early.
          if (now - entry.idleSince >= this.#settings.idleMs - 1) {
            this.#end(entry, 'nobody needed it');
          }
        }
        this.#endIdleLater();
      },
      'quiet',
    );
  }

  #refillSoon(usualMs: number): void {
    if (this.#refillTimer !== undefined || this.#closing.signal.aborted || !this.#needsRefill()) {
      return;
    }
    this.#refillTimer = this.#clock.after(
      this.#startDelay.ms(usualMs),
      () => {
        this.#refillTimer = undefined;
        if (this.#needsRefill()) {
          // One at a time: the next follows when it is there.
          this.#startOne();
        }
      },
      'quiet',
    );
  }

  #needsRefill(): boolean {
    return (
      this.#queue.size === 0 &&
      this.#starts.size === 0 &&
      this.#in('warm').length < this.#settings.warm &&
      this.#entries.size < this.#settings.max
    );
  }

  #end(entry: PoolEntry<R>, reason: string): void {
    if (entry.state !== 'ending') {
      entry.state = 'ending';
      void entry.runner.kill(reason);
    }
  }

  /** Those that are in a state and can still be used. */
  #in(state: PoolEntry<R>['state']): PoolEntry<R>[] {
    return [...this.#entries].filter(
      (entry) => entry.state === state && (state === 'ending' || state === 'busy' || entry.runner.alive),
    );
  }
}

function closed(): SandboxError {
  return new SandboxError('CLOSED', 'The engine has been ended');
}
