import { setTimeout as sleep } from 'node:timers/promises';
import type { RoundFigures } from '../figures.ts';
import { quantile } from '../statistics.ts';
import { LoadError, type BenchClient } from './bench-client.ts';
import { createEchoCall, ifWrong } from './echo-call.ts';

/** After a failure a client waits, so that a dead server does not turn the round into a spin. */
const AFTER_ERROR_MS = 10;

/** Numbers calls. Clients of one case draw from one sequence, because they may share a connection. */
export interface CallIds {
  next: number;
}

/**
 * Lets every client make one call after another for `ms` milliseconds and reports what came back. Calls whose answer comes after the time are waited
 * for and not counted.
 */
export async function runClosedLoop(
  clients: readonly BenchClient[],
  ids: CallIds,
  ms: number,
): Promise<RoundFigures> {
  const latenciesMs: number[] = [];
  const errors = new Map<string, number>();
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const until = started + ms;

  const loop = async (client: BenchClient, index: number): Promise<void> => {
    let sent = performance.now();
    while (sent < until) {
      const problem = await callOnce(client, `${index}`, ids);
      const now = performance.now();
      if (problem !== undefined) {
        errors.set(problem, (errors.get(problem) ?? 0) + 1);
        await sleep(AFTER_ERROR_MS);
      } else if (now <= until) {
        latenciesMs.push(now - sent);
      }
      sent = performance.now();
    }
  };
  await Promise.all(clients.map(loop));

  const cpu = process.cpuUsage(cpuBefore);
  const elapsedMs = performance.now() - started;
  const sorted = Float64Array.from(latenciesMs).toSorted();
  return {
    calls: sorted.length,
    callsPerSecond: (sorted.length / ms) * 1000,
    p50Ms: quantile(sorted, 0.5),
    p90Ms: quantile(sorted, 0.9),
    p99Ms: quantile(sorted, 0.99),
    maxMs: quantile(sorted, 1),
    errors: Object.fromEntries(errors),
    generatorCpu: (cpu.user + cpu.system) / 1000 / elapsedMs,
  };
}

async function callOnce(client: BenchClient, name: string, ids: CallIds): Promise<string | undefined> {
  const call = createEchoCall(ids.next++, name);
  try {
    return ifWrong(call, await client.request(call.id, call.request));
  } catch (error) {
    if (!(error instanceof LoadError)) {
      throw error;
    }
    return error.kind;
  }
}
