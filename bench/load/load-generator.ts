import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RoundFigures } from '../figures.ts';
import type { RunningProcess } from '../lifetime/running-process.ts';
import type { Workspace } from '../lifetime/workspace.ts';
import { benchProgram } from '../targets/installed.ts';
import type { Job, JobAnswer } from './job.ts';

const JOB_MS = 60_000;

/** The process that makes the calls, so that waiting for it costs the measured ones nothing. Does one job at a time. */
export class LoadGenerator implements AsyncDisposable {
  readonly #process: RunningProcess;

  private constructor(started: RunningProcess) {
    this.#process = started;
  }

  static async start(workspace: Workspace): Promise<LoadGenerator> {
    const program = benchProgram('load', 'load-process.ts');
    const started = workspace.start('load generator', [program], { channel: true });
    await started.firstMessage();
    return new LoadGenerator(started);
  }

  /** @throws {Error} When the job fails, or takes longer than a minute beyond its own time. */
  async perform(job: Exclude<Job, { kind: 'run' }>): Promise<void> {
    await this.#ask(job, JOB_MS);
  }

  async run(name: string, ms: number): Promise<RoundFigures> {
    const { figures } = await this.#ask({ kind: 'run', name, ms }, JOB_MS + ms);
    if (figures === undefined) {
      throw new TypeError('The load generator gave no figures');
    }
    return figures;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }

  async #ask(job: Job, withinMs: number): Promise<Extract<JobAnswer, { ok: true }>> {
    const done = new AbortController();
    const { signal } = done;
    const { child } = this.#process;
    try {
      const answer = await Promise.race([
        once(child, 'message', { signal }).then(([message]: unknown[]) => message as JobAnswer),
        once(child, 'exit', { signal }).then(() => this.#process.fail('ended')),
        sleep(withinMs, undefined, { signal }).then(() =>
          this.#process.fail(`did not finish: ${job.kind} ${job.name}`),
        ),
        new Promise<never>((_resolve, reject) => {
          child.send(job, (error) => {
            if (error !== null) {
              reject(error);
            }
          });
        }),
      ]);
      if (!answer.ok) {
        throw new Error(`Cannot ${job.kind} "${job.name}": ${answer.message}`);
      }
      return answer;
    } finally {
      done.abort();
    }
  }
}
