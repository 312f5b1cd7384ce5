import { SCRIPTS, type ScriptName } from '../scripts.ts';
import type { Contender } from './contender.ts';
import type { ContenderJob, ContenderTimes } from './job.ts';

/**
 * Does what a job says with an open contender.
 *
 * @param now Milliseconds of a steady clock.
 * @throws {Error} When a script fails or returns something else than it has to, or the contender cannot do that.
 */
export async function perform(
  contender: Contender,
  job: Exclude<ContenderJob, { kind: 'open' }>,
  now: () => number,
): Promise<ContenderTimes> {
  if (job.kind === 'sequential') {
    return await runSequentially(contender, job, now);
  }
  if (job.kind === 'parallel') {
    return await runInParallel(contender, job, now);
  }
  return job.kind === 'reach' ? await reach(contender, job.times, now) : await hold(contender, job.sessions);
}

/** Runs a script once and gives the milliseconds that it took, or says it took; looking at its value is not part of them. */
export async function runOnce(contender: Contender, name: ScriptName, now: () => number): Promise<number> {
  const script = SCRIPTS[name];
  const before = now();
  const value = await contender.run(script.body);
  const took = now() - before;
  if (!script.isRight(value)) {
    throw new Error(`Script "${name}" gave ${(JSON.stringify(value) ?? 'nothing').slice(0, 100)}`);
  }
  return script.took?.(value) ?? took;
}

async function runSequentially(
  contender: Contender,
  { script, runs, maxMs }: Extract<ContenderJob, { kind: 'sequential' }>,
  now: () => number,
): Promise<ContenderTimes> {
  const ms: number[] = [];
  const until = now() + maxMs;
  do {
    ms.push(await runOnce(contender, script, now));
  } while (ms.length < runs && now() < until);
  return { ms, runs: ms.length };
}

async function runInParallel(
  contender: Contender,
  { script, clients, ms }: Extract<ContenderJob, { kind: 'parallel' }>,
  now: () => number,
): Promise<ContenderTimes> {
  const before = now();
  const until = before + ms;
  let runs = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (now() < until) {
        await runOnce(contender, script, now);
        runs += 1;
      }
    }),
  );
  return { ms: [now() - before], runs };
}

async function reach(contender: Contender, times: number, now: () => number): Promise<ContenderTimes> {
  const ms: number[] = [];
  for (let at = 0; at < times && contender.reach !== undefined; at += 1) {
    const before = now();
    await contender.reach();
    ms.push(now() - before);
  }
  return { ms, runs: ms.length };
}

async function hold(contender: Contender, sessions: number): Promise<ContenderTimes> {
  if (contender.hold === undefined) {
    throw new TypeError('It has no sessions');
  }
  await contender.hold(sessions);
  return { ms: [], runs: 0 };
}
