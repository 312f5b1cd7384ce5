import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP_GRACE_MS = 3000;
const READY_MS = 30_000;
const SHOWN_LOG_LINES = 20;

export interface ProcessSpec {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Whether it is a program of ours, which speaks to us over a channel and ends when the channel does. */
  readonly channel: boolean;
}

/** A Node process that leads its own process group, so that whatever it starts can be ended with it. Its output goes to a file. */
export class RunningProcess implements AsyncDisposable {
  readonly name: string;
  readonly child: ChildProcess;
  readonly #logFile: string;

  constructor({ name, args, env, logFile, channel }: ProcessSpec) {
    this.name = name;
    this.#logFile = logFile;
    const log = openSync(logFile, 'a');
    this.child = spawn(process.execPath, args, {
      env,
      detached: true,
      stdio: ['ignore', log, log, ...(channel ? (['ipc'] as const) : [])],
    });
    closeSync(log);
    // A failed start shows as a process without id, and as an exit to everyone who waits.
    this.child.on('error', () => undefined);
  }

  get pid(): number {
    if (this.child.pid === undefined) {
      throw new Error(`${this.name} did not start`);
    }
    return this.child.pid;
  }

  get ended(): boolean {
    return this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** The first message it sends. */
  async firstMessage(): Promise<unknown> {
    const done = new AbortController();
    const { signal } = done;
    try {
      return await Promise.race([
        once(this.child, 'message', { signal }).then(([message]: unknown[]) => message),
        once(this.child, 'exit', { signal }).then(() => this.fail('ended before it was ready')),
        sleep(READY_MS, undefined, { signal }).then(() => this.fail(`was not ready after ${READY_MS} ms`)),
      ]);
    } finally {
      done.abort();
    }
  }

  /** Throws an error with the last lines of the log. */
  fail(what: string): never {
    const lines = readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-SHOWN_LOG_LINES);
    throw new Error([`${this.name} ${what}`, ...lines].join('\n  '));
  }

  /** Asks the process to end, then ends its whole group. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.ended) {
      const exited = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await Promise.race([exited, sleep(STOP_GRACE_MS, undefined, { ref: false })]);
    }
    await this.kill();
  }

  /** Ends the whole group without asking. */
  async kill(): Promise<void> {
    const exited = this.ended ? undefined : once(this.child, 'exit');
    this.killGroup();
    await exited;
  }

  killGroup(): void {
    try {
      process.kill(-(this.child.pid ?? Number.NaN), 'SIGKILL');
    } catch {
      // Nobody is left in the group.
    }
  }
}
