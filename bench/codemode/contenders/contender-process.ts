import { pathToFileURL } from 'node:url';
import type { Contender, ContenderModule } from './contender.ts';
import type { ContenderAnswer, ContenderJob, ContenderTimes } from './job.ts';
import { perform, runOnce } from './perform.ts';

/** A contender in a process of its own: `contender-process.ts MODULE FOLDER`. Does the jobs that its parent sends, one at a time; ends with it. */
const [file = '', folder = ''] = process.argv.slice(2);
const now = (): number => performance.now();

let contender: Contender | undefined;

async function open(): Promise<ContenderTimes> {
  const module = (await import(pathToFileURL(file).href)) as ContenderModule;
  const before = now();
  contender = await module.openContender(folder);
  await runOnce(contender, 'value', now);
  return { ms: [now() - before], runs: 1 };
}

async function answer(job: ContenderJob): Promise<ContenderAnswer> {
  try {
    if (job.kind === 'open') {
      return { ok: true, times: await open() };
    }
    if (contender === undefined) {
      throw new Error('The contender is not open');
    }
    return { ok: true, times: await perform(contender, job, now) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

let stopping = false;
async function stop(): Promise<void> {
  if (!stopping) {
    stopping = true;
    await contender?.[Symbol.asyncDispose]();
    process.exit(0);
  }
}

process.on('message', (job: ContenderJob) => {
  void answer(job).then((reply) => process.send?.(reply));
});
process.on('SIGTERM', () => void stop());
process.on('disconnect', () => void stop());
process.send?.({ ready: true });
