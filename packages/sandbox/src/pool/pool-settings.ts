import { checkedInteger } from '../lib/checked-number.ts';

export interface PoolSettings {
  /** Runners kept ready that belong to nobody yet. Default: 2. */
  readonly warm: number;
  /** Runners in all: ready, idle, at work and being ended. Default: 32. */
  readonly max: number;
  /** Runners that work for one owner at the same time, sessions included. Default: 16. */
  readonly maxPerOwner: number;
  /** Of `max`, how many may belong to persistent sessions. Default: 24. */
  readonly maxPersistent: number;
  /** Who may wait for a runner, in all. Default: 1000. */
  readonly maxWaiting: number;
  /** Who may wait for a runner, of one owner. Default: 100. */
  readonly maxWaitingPerOwner: number;
  /** Longest wait for a runner, in milliseconds. Default: 10 s. */
  readonly waitTimeoutMs: number;
  /** How long a runner waits for the next run of its owner, in milliseconds. Default: 60 s. */
  readonly idleMs: number;
  /** Runs after which a runner is ended. Default: 200. */
  readonly maxRuns: number;
  /** Growth of resident memory since its first run after which an idle runner is ended, in bytes. Default: 64 MiB. */
  readonly maxGrowthBytes: number;
  /** A new runner for each run, which is killed after it. Default: false. */
  readonly oneshot: boolean;
}

export const DEFAULT_POOL_SETTINGS: PoolSettings = Object.freeze({
  warm: 2,
  max: 32,
  maxPerOwner: 16,
  maxPersistent: 24,
  maxWaiting: 1000,
  maxWaitingPerOwner: 100,
  waitTimeoutMs: 10_000,
  idleMs: 60_000,
  maxRuns: 200,
  maxGrowthBytes: 64 * 1024 * 1024,
  oneshot: false,
});

const MAX_RUNNERS = 10_000;

/** @throws {RangeError} When a number is out of bounds. */
export function checkedPoolSettings(given: Partial<PoolSettings>): PoolSettings {
  const settings = { ...DEFAULT_POOL_SETTINGS, ...given };
  checkedInteger('max', settings.max, 1, MAX_RUNNERS);
  checkedInteger('warm', settings.warm, 0, settings.max);
  checkedInteger('maxPerOwner', settings.maxPerOwner, 1, MAX_RUNNERS);
  checkedInteger('maxPersistent', settings.maxPersistent, 0, MAX_RUNNERS);
  checkedInteger('maxWaiting', settings.maxWaiting, 0, Number.MAX_SAFE_INTEGER);
  checkedInteger('maxWaitingPerOwner', settings.maxWaitingPerOwner, 0, Number.MAX_SAFE_INTEGER);
  checkedInteger('waitTimeoutMs', settings.waitTimeoutMs, 0, Number.MAX_SAFE_INTEGER);
  checkedInteger('idleMs', settings.idleMs, 0, Number.MAX_SAFE_INTEGER);
  checkedInteger('maxRuns', settings.maxRuns, 1, Number.MAX_SAFE_INTEGER);
  checkedInteger('maxGrowthBytes', settings.maxGrowthBytes, 0, Number.MAX_SAFE_INTEGER);
  return Object.freeze(settings);
}
