import { setTimeout as sleep } from 'node:timers/promises';
import { ifResidentBytes } from '../../lifetime/process-usage.ts';
import { descendantsOf, ifOpenHandles, type ProcessIdentity } from './process-tree.ts';
import { describeSeries, type Series } from './slope.ts';

const INTERVAL_MS = 2000;

export interface Sample {
  /** Since the watch began. */
  readonly minutes: number;
  readonly residentBytes: number;
  readonly handles: number;
  /** The process and everything that it started. */
  readonly processes: number;
}

export interface Watched {
  readonly samples: readonly Sample[];
  /** Every process that it ever started, as far as a sample saw it. */
  readonly descendants: readonly ProcessIdentity[];
}

/** Looks at a process every two seconds until the signal fires or it is gone. */
export async function watch(pid: number, signal: AbortSignal): Promise<Watched> {
  const began = performance.now();
  const samples: Sample[] = [];
  const seen = new Map<string, ProcessIdentity>();
  while (!signal.aborted) {
    const descendants = descendantsOf(pid);
    for (const one of descendants) {
      seen.set(`${one.pid}/${one.startTicks}`, one);
    }
    const residentBytes = ifResidentBytes(pid);
    const handles = ifOpenHandles(pid);
    if (residentBytes === undefined || handles === undefined) {
      break;
    }
    const minutes = (performance.now() - began) / 60_000;
    samples.push({ minutes, residentBytes, handles, processes: descendants.length + 1 });
    await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
  return { samples, descendants: [...seen.values()] };
}

export interface Trends {
  readonly residentBytes: Series;
  readonly handles: Series;
  readonly processes: Series;
}

/**
 * What the samples say once the process has warmed up; undefined when there are none.
 *
 * @param warmUpMinutes How much of the beginning is left out.
 */
export function ifTrends(samples: readonly Sample[], warmUpMinutes: number): Trends | undefined {
  const warm = samples.filter(({ minutes }) => minutes >= warmUpMinutes);
  if (warm.length === 0) {
    return undefined;
  }
  const series = (pick: (sample: Sample) => number): Series =>
    describeSeries(warm.map((sample) => ({ minutes: sample.minutes, value: pick(sample) })));
  return {
    residentBytes: series(({ residentBytes }) => residentBytes),
    handles: series(({ handles }) => handles),
    processes: series(({ processes }) => processes),
  };
}
