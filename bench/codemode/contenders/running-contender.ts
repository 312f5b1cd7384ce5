import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningProcess } from '../../lifetime/running-process.ts';
import type { Workspace } from '../../lifetime/workspace.ts';
import { quantile } from '../../statistics.ts';
import { benchProgram } from '../../targets/installed.ts';
import type { ScriptName } from '../scripts.ts';
import type { ContenderSpec } from './contenders.ts';
import type { ContenderAnswer, ContenderJob, ContenderTimes } from './job.ts';

const JOB_MS = 60_000;

/** A contender in its process, as the benchmark talks to it. Does one job at a time. */
export class RunningContender implements AsyncDisposable {
  readonly spec: ContenderSpec;
  /** Milliseconds from opening the contender, in a running process, to the first value. */
  readonly openMs: number;
  /** Milliseconds from starting the process to the first value. */
  readonly startMs: number;
  readonly #process: RunningProcess;

  private constructor(spec: ContenderSpec, started: RunningProcess, openMs: number, startMs: number) {
    this.spec = spec;
    this.#process = started;
    this.openMs = openMs;
    this.startMs = startMs;
  }

  /** @throws {Error} When it does not come to its first value. */
  static async start(workspace: Workspace, spec: ContenderSpec): Promise<RunningContender> {
    const program = benchProgram('codemode', 'contenders', 'contender-process.ts');
    const before = performance.now();
    const started = workspace.start(spec.name, [program, spec.module, workspace.folder], { channel: true });
    try {
      await started.firstMessage();
      const { ms } = await ask(started, { kind: 'open' });
      return new RunningContender(spec, started, ms[0] ?? Number.NaN, performance.now() - before);
    } catch (error) {
      await started[Symbol.asyncDispose]();
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Milliseconds of each run, ascending. */
  async sequential(script: ScriptName, runs: number, maxMs: number): Promise<readonly number[]> {
    const { ms } = await ask(this.#process, { kind: 'sequential', script, runs, maxMs });
    return ms.toSorted((a, b) => a - b);
  }

  async runsPerSecond(script: ScriptName, clients: number, ms: number): Promise<number> {
    const times = await ask(this.#process, { kind: 'parallel', script, clients, ms });
    return (times.runs / (times.ms[0] ?? Number.NaN)) * 1000;
  }

  /** Median milliseconds to the place where scripts are started. */
  async reachMs(times: number): Promise<number> {
    const { ms } = await ask(this.#process, { kind: 'reach', times });
    const sorted = ms.toSorted((a, b) => a - b);
    return sorted.length === 0 ? 0 : quantile(sorted, 0.5);
  }

  async hold(sessions: number): Promise<void> {
    await ask(this.#process, { kind: 'hold', sessions });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }
}

async function ask(started: RunningProcess, job: ContenderJob): Promise<ContenderTimes> {
  const done = new AbortController();
  const { signal } = done;
  const { child } = started;
  try {
    child.send(job, () => undefined);
    const answer = await Promise.race([
      once(child, 'message', { signal }).then(([message]: unknown[]) => message as ContenderAnswer),
      once(child, 'exit', { signal }).then(() => started.fail('ended')),
      sleep(JOB_MS, undefined, { signal }).then(() => started.fail(`did not finish: ${job.kind}`)),
    ]);
    if (!answer.ok) {
      throw new Error(`${started.name} cannot do ${JSON.stringify(job)}: ${answer.message}`);
    }
    return answer.times;
  } finally {
    done.abort();
  }
}
