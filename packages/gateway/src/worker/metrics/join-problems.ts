import type { Problem } from '../../run/readiness.ts';
import { ChannelError } from '../channel/channel-error.ts';
import { asFields, textOf } from '../channel/fields.ts';

/** @throws {ChannelError} `CHANNEL_BROKEN` when it is no list of problems. */
export function asProblems(value: unknown): readonly Problem[] {
  if (!Array.isArray(value)) {
    throw new ChannelError('CHANNEL_BROKEN', 'The other process sent no list');
  }
  return value.map((item) => {
    const fields = asFields(item);
    return { part: textOf(fields, 'part'), problem: textOf(fields, 'problem') };
  });
}

/** One list of what is wrong with the workers, by their numbers: what all of them say is said once, and of what only some say, which. */
export function joinProblems(byWorker: ReadonlyMap<number, readonly Problem[]>): readonly Problem[] {
  const told = new Map<string, { readonly problem: Problem; readonly workers: number[] }>();
  for (const [worker, problems] of byWorker) {
    for (const problem of problems) {
      const key = JSON.stringify([problem.part, problem.problem]);
      const entry = told.get(key) ?? { problem, workers: [] };
      entry.workers.push(worker);
      told.set(key, entry);
    }
  }
  return [...told.values()].map(({ problem, workers }) =>
    workers.length === byWorker.size
      ? problem
      : { part: `${problem.part} (worker ${workers.join(', ')})`, problem: problem.problem },
  );
}
