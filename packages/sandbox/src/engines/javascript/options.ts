import type { ContainmentSetting } from '../../layers/containment-setting.ts';
import { checkedInteger } from '../../lib/checked-number.ts';
import { systemClock, type Clock } from '../../lib/clock.ts';
import { checkedPoolSettings, type PoolSettings } from '../../pool/pool-settings.ts';
import { DEFAULT_MAX_FRAME_BYTES } from '../../wire/frame.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

export interface JavaScriptEngineOptions {
  /** How strongly scripts have to be contained. Default: `auto`. */
  readonly containment?: ContainmentSetting | undefined;
  /** `pooled`: runners serve one owner again and again; `oneshot`: each run has a new one. Default: `pooled`. */
  readonly level?: 'pooled' | 'oneshot' | undefined;
  /** How many runners there are and how long; see `PoolSettings` for each default. */
  readonly pool?: Partial<Omit<PoolSettings, 'oneshot'>> | undefined;
  /** Private memory of one runner process in bytes, 128 MiB to 16 GiB; enforced on Linux. Default: 256 MiB. */
  readonly memoryBytes?: number | undefined;
  /** How long a runner may take to start, in milliseconds. Default: 10 s. */
  readonly readyTimeoutMs?: number | undefined;
  /** Longest message from a runner in bytes: results and inputs of calls, twice for quotes in quotes. Default: 20 MiB. */
  readonly maxFrameBytes?: number | undefined;
  /** Folders to look for `bwrap` in, as in `PATH`. Default: `/usr/bin:/bin:/usr/local/bin`. */
  readonly searchPath?: string | undefined;
  readonly clock?: Clock | undefined;
}

export interface CheckedOptions {
  readonly containment: ContainmentSetting;
  readonly level: 'pooled' | 'oneshot';
  readonly pool: PoolSettings;
  readonly memoryBytes: number;
  readonly readyTimeoutMs: number;
  readonly maxFrameBytes: number;
  readonly searchPath: string;
  readonly clock: Clock;
}

/** @throws {RangeError} When a number is out of bounds. */
export function checkedOptions(options: JavaScriptEngineOptions): CheckedOptions {
  const { level = 'pooled', memoryBytes = 256 * MIB, readyTimeoutMs = 10_000 } = options;
  const { maxFrameBytes = DEFAULT_MAX_FRAME_BYTES } = options;
  return {
    containment: options.containment ?? 'auto',
    level,
    pool: checkedPoolSettings({ ...options.pool, oneshot: level === 'oneshot' }),
    memoryBytes: checkedInteger('memoryBytes', memoryBytes, 128 * MIB, 16 * GIB),
    readyTimeoutMs: checkedInteger('readyTimeoutMs', readyTimeoutMs, 1, 600_000),
    maxFrameBytes: checkedInteger('maxFrameBytes', maxFrameBytes, MIB, GIB),
    searchPath: options.searchPath ?? '/usr/bin:/bin:/usr/local/bin',
    clock: options.clock ?? systemClock,
  };
}
