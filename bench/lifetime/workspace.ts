import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningProcess } from './running-process.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const SIGNAL_EXIT = 128;

/**
 * Everything one run leaves on the machine: a temporary folder and processes. All of it is gone after disposal, after a signal, and when the program
 * exits in any way that lets it run its exit handlers.
 */
export class Workspace implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'smcp-bench-'));
  readonly #processes = new Set<RunningProcess>();
  #nextLog = 0;
  #disposal: Promise<void> | undefined;

  constructor() {
    process.on('exit', this.#removeNow);
    for (const signal of SIGNALS) {
      process.on(signal, this.#onSignal);
    }
  }

  /** Removes everything, then ends the program. */
  giveUp(exitCode: number): void {
    void this[Symbol.asyncDispose]().finally(() => process.exit(exitCode));
  }

  /** Starts a Node program. It sees `PATH` and a home folder of its own, nothing else of the environment. */
  start(name: string, args: readonly string[], options: { readonly channel: boolean }): RunningProcess {
    if (this.#disposal !== undefined) {
      throw new Error(`Cannot start ${name}: the run is over`);
    }
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

  /** Can be called again at any time: whoever else works in it fails now, and waits here for the same end. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#dispose();
    return this.#disposal;
  }

  async #dispose(): Promise<void> {
    await Promise.all([...this.#processes].map(async (started) => await started[Symbol.asyncDispose]()));
    this.#removeNow();
    process.off('exit', this.#removeNow);
    for (const signal of SIGNALS) {
      process.off(signal, this.#onSignal);
    }
  }

  readonly #onSignal = (_signal: NodeJS.Signals, number: number): void => {
    this.giveUp(SIGNAL_EXIT + number);
  };

  readonly #removeNow = (): void => {
    for (const started of this.#processes) {
      started.killGroup();
    }
    rmSync(this.folder, { recursive: true, force: true });
  };
}
