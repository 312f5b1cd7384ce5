import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningProcess } from './running-process.ts';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Everything one run leaves on the machine: a temporary folder and processes. All of it is gone after disposal, after a signal, and when the program
 * exits in any way that lets it run its exit handlers.
 */
export class Workspace implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'smcp-bench-'));
  readonly #processes = new Set<RunningProcess>();
  #nextLog = 0;

  constructor() {
    process.on('exit', this.#removeNow);
    for (const [signal, exitCode] of Object.entries(SIGNALS)) {
      process.once(signal, () => {
        void this[Symbol.asyncDispose]().finally(() => process.exit(exitCode));
      });
    }
  }

  /** Starts a Node program. It sees `PATH` and a home folder of its own, nothing else of the environment. */
  start(name: string, args: readonly string[], options: { readonly channel: boolean }): RunningProcess {
    const started = new RunningProcess({
      name,
      args,
      env: { PATH: process.env['PATH'] ?? '', HOME: this.folder, NODE_ENV: 'production' },
      logFile: join(this.folder, `${this.#nextLog++}.log`),
      channel: options.channel,
    });
    this.#processes.add(started);
    started.child.once('exit', () => this.#processes.delete(started));
    return started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#processes].map(async (started) => await started[Symbol.asyncDispose]()));
    this.#removeNow();
    process.off('exit', this.#removeNow);
  }

  readonly #removeNow = (): void => {
    for (const started of this.#processes) {
      started.killGroup();
    }
    rmSync(this.folder, { recursive: true, force: true });
  };
}
