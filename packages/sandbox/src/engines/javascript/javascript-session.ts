import type { EngineSession, OpenOptions, RunOptions, ScriptHost, ScriptSource } from '../../engine.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Outcome } from '../../outcome.ts';
import type { Lease } from '../../pool/pooled-runner.ts';
import type { RunnerProcess } from '../../process/runner-process.ts';
import { SandboxError } from '../../sandbox-error.ts';
import { checkLimits, failureOfLimit } from '../run/failures.ts';
import { ScriptRun } from '../run/script-run.ts';

export type RunnerLease = Lease<RunnerProcess>;

export interface SessionOptions {
  readonly persistent: OpenOptions['persistent'];
  /** The runner for the first run; of a persistent session, for all. */
  readonly lease: RunnerLease;
  /** Another one, for each later run of a session that is not persistent. */
  readonly acquire: (signal: AbortSignal) => Promise<RunnerLease>;
  readonly clock: Clock;
  readonly onClosed: () => void;
}

/** A session of the JavaScript engine. It holds a runner from its opening to its first run, and if persistent to its end. */
export class JavaScriptSession implements EngineSession {
  readonly #persistent: boolean;
  readonly #acquire: SessionOptions['acquire'];
  readonly #clock: Clock;
  readonly #onClosed: () => void;
  readonly #closing = new AbortController();
  #lease: RunnerLease | undefined;
  #running: Promise<Outcome> | undefined;

  constructor({ persistent, lease, acquire, clock, onClosed }: SessionOptions) {
    this.#persistent = persistent;
    this.#lease = lease;
    this.#acquire = acquire;
    this.#clock = clock;
    this.#onClosed = onClosed;
  }

  get alive(): boolean {
    const lost = this.#persistent && this.#lease?.runner.alive !== true;
    return !this.#closing.signal.aborted && !lost;
  }

  async run(source: ScriptSource, host: ScriptHost, options: RunOptions): Promise<Outcome> {
    if (!this.alive) {
      throw new SandboxError('CLOSED', 'The session has ended');
    }
    if (this.#running !== undefined) {
      throw new SandboxError('SESSION_BUSY', 'The session runs a script already');
    }
    checkLimits(options.limits);
    const { language } = source;
    if (language === 'python') {
      throw new TypeError('This engine runs TypeScript and JavaScript, not Python');
    }
    this.#running = this.#run({ ...source, language }, host, options);
    try {
      return await this.#running;
    } finally {
      this.#running = undefined;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) {
      return;
    }
    this.#closing.abort();
    await this.#running?.catch(() => undefined);
    this.#giveBack(!this.#persistent);
    this.#onClosed();
  }

  async #run(
    source: ScriptSource & { readonly language: 'typescript' | 'javascript' },
    host: ScriptHost,
    { limits, signal: given }: RunOptions,
  ): Promise<Outcome> {
    if (Buffer.byteLength(source.code) > limits.sourceBytes) {
      const limit = 'sourceBytes';
      return { ...NOTHING_RUN, status: 'limit', limit, error: failureOfLimit(limit, limits) };
    }
    const signal =
      given === undefined ? this.#closing.signal : AbortSignal.any([given, this.#closing.signal]);
    if (this.#lease?.runner.alive !== true) {
      this.#giveBack(false);
      try {
        this.#lease = await this.#acquire(signal);
      } catch (cause) {
        if (signal.aborted) {
          return {
            ...NOTHING_RUN,
            status: 'killed',
            error: { name: 'AbortError', message: 'The script was stopped' },
          };
        }
        throw cause;
      }
    }
    const { language, name, code, prelude, data } = source;
    const { outcome, fit, kept } = await ScriptRun.run({
      runner: this.#lease.runner,
      script: { language, name, code, prelude, data, keep: this.#persistent, limits },
      host,
      signal,
      clock: this.#clock,
    });
    if (!this.#persistent || !kept) {
      this.#giveBack(fit);
    }
    return outcome;
  }

  #giveBack(fit: boolean): void {
    this.#lease?.giveBack(fit);
    this.#lease = undefined;
  }
}

const NOTHING_RUN: Omit<Outcome, 'status'> = {
  output: [],
  droppedOutputBytes: 0,
  calls: [],
  usage: { wallMs: 0 },
};
