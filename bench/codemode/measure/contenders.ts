import { setTimeout as sleep } from 'node:timers/promises';
import type { Workspace } from '../../lifetime/workspace.ts';
import { quantile } from '../../statistics.ts';
import type { ContenderName, ContenderSpec } from '../contenders/contenders.ts';
import { RunningContender } from '../contenders/running-contender.ts';
import type { ContenderFigures, ContenderRound, ProcessMemory } from '../figures.ts';
import type { CodemodeSettings } from '../options.ts';
import { CALLS } from '../scripts.ts';
import { ifTreeMemory } from './memory.ts';

/** Time for the processes that stand ready to come up. */
const SETTLE_MS = 1000;
const REACHES = 50;
const WARM_UPS = 30;
const MAX_OTHER_MS = 5000;

export interface MeasuredContenders {
  readonly contenders: readonly ContenderFigures[];
  readonly leftOut: Readonly<Partial<Record<ContenderName, string>>>;
}

interface Taken {
  readonly running: RunningContender;
  readonly startMs: readonly number[];
  readonly openMs: readonly number[];
  readonly reachMs: number;
  readonly memoryFirst: ProcessMemory | undefined;
  readonly rounds: ContenderRound[];
}

/**
 * Measures all contenders in interleaved rounds, so that a disturbance of the machine meets neighbours in time. One of `optional` that does not start is left out
 * and named.
 *
 * @throws {Error} When another one does not start, or any of them gives a wrong value.
 */
export async function measureContenders(
  workspace: Workspace,
  ours: readonly ContenderSpec[],
  optional: readonly ContenderSpec[],
  settings: CodemodeSettings,
  progress: (text: string) => void,
): Promise<MeasuredContenders> {
  await using stack = new AsyncDisposableStack();
  const leftOut: Partial<Record<ContenderName, string>> = {};
  const taken: Taken[] = [];
  for (const spec of [...ours, ...optional]) {
    progress(`starting ${spec.name}`);
    try {
      const one = await startOne(workspace, spec, settings.starts);
      stack.use(one.running);
      taken.push(one);
    } catch (error) {
      if (!optional.includes(spec)) {
        throw error;
      }
      leftOut[spec.name] = (error as Error).message.split('\n')[0] ?? 'it did not start';
    }
  }
  for (let round = 1; round <= settings.rounds; round += 1) {
    for (const { running, rounds, reachMs } of taken) {
      progress(`round ${round} of ${settings.rounds}: ${running.spec.name}`);
      rounds.push(await measureRound(running, reachMs, settings));
    }
  }
  const contenders = taken.map(({ running, startMs, openMs, reachMs, memoryFirst, rounds }) => ({
    name: running.spec.name,
    sandbox: running.spec.sandbox,
    startMs,
    openMs,
    reachMs,
    rounds,
    memoryFirst,
    memoryEnd: ifTreeMemory(running.pid, { root: true }),
  }));
  return { contenders, leftOut };
}

/** Starts it several times and leaves the last one running, warmed up. */
async function startOne(workspace: Workspace, spec: ContenderSpec, starts: number): Promise<Taken> {
  const startMs: number[] = [];
  const openMs: number[] = [];
  for (let start = 1; ; start += 1) {
    const running = await RunningContender.start(workspace, spec);
    startMs.push(running.startMs);
    openMs.push(running.openMs);
    if (start < starts) {
      await running[Symbol.asyncDispose]();
      continue;
    }
    try {
      await sleep(SETTLE_MS);
      const memoryFirst = ifTreeMemory(running.pid, { root: true });
      await running.sequential('value', WARM_UPS, MAX_OTHER_MS);
      const reachMs = await running.reachMs(REACHES);
      return { running, startMs, openMs, reachMs, memoryFirst, rounds: [] };
    } catch (error) {
      await running[Symbol.asyncDispose]();
      throw error;
    }
  }
}

async function measureRound(
  running: RunningContender,
  reachMs: number,
  { freshRuns, freshMs, clients, parallelMs, repeats }: CodemodeSettings,
): Promise<ContenderRound> {
  const fresh = await running.sequential('value', freshRuns, freshMs);
  const freshP50Ms = quantile(fresh, 0.5);
  const runsPerSecond = await running.runsPerSecond('value', clients, parallelMs);
  const median = async (script: Parameters<RunningContender['sequential']>[0]): Promise<number> =>
    quantile(await running.sequential(script, repeats, MAX_OTHER_MS), 0.5);
  return {
    freshP50Ms: freshP50Ms - reachMs,
    freshP99Ms: quantile(fresh, 0.99) - reachMs,
    freshRuns: fresh.length,
    runsPerSecond,
    callMicros: ((await median('calls')) / CALLS) * 1000,
    waitsMs: await median('waits'),
    bigResultMs: await median('bigResult'),
    bigValueMs: await median('bigValue'),
  };
}
