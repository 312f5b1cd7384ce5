import type { ScriptHost } from '../../engine.ts';
import type { Clock } from '../../lib/clock.ts';
import type { LimitName, ScriptLimits } from '../../limits.ts';
import type { Outcome, OutcomeStatus, ScriptFailure } from '../../outcome.ts';
import type { RunnerExit } from '../../process/runner-exit.ts';
import type { RunnerMessage, RunnerProcess } from '../../process/runner-process.ts';
import { isJsonText } from '../../wire/json-depth.ts';
import type { CallMessage, DoneMessage, OutputMessage, RunMessage } from '../../wire/messages.ts';
import { ProtocolError } from '../../wire/protocol-error.ts';
import { failureOfExit } from './crash.ts';
import { FAILURE_OF_STATUS, failureOfLimit } from './failures.ts';
import { RunCalls } from './run-calls.ts';
import { RunOutput } from './run-output.ts';
import { WallClock } from './wall-clock.ts';

/** How long a runner may take to end a run that it was told to end. */
const STOP_GRACE_MS = 250;
const CPU_CHECK_MS = 1000;
/** The runner measures the script alone, and ends it first. */
const CPU_SLACK_MS = 2000;

export interface RunEnd {
  readonly outcome: Outcome;
  /** Whether the runner may run another script. */
  readonly fit: boolean;
  /** Whether what the script left in its globals is still there. */
  readonly kept: boolean;
}

export interface ScriptRunOptions {
  readonly runner: RunnerProcess;
  readonly script: Omit<RunMessage, 'type' | 'run'>;
  readonly host: ScriptHost;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
}

interface Verdict {
  readonly status: OutcomeStatus;
  readonly limit?: LimitName;
  readonly error?: ScriptFailure;
}

/**
 * One run on one runner, from "run" to its end, which comes whatever the runner does: it says so, it ends, or it is killed. Believes the runner nothing that
 * can be counted here.
 */
export class ScriptRun {
  readonly #runner: RunnerProcess;
  readonly #script: ScriptRunOptions['script'];
  readonly #limits: ScriptLimits;
  readonly #host: ScriptHost;
  readonly #signal: AbortSignal | undefined;
  readonly #clock: Clock;
  readonly #wall: WallClock;
  readonly #calls: RunCalls;
  readonly #output: RunOutput;
  readonly #ending = new AbortController();
  readonly #end = Promise.withResolvers<RunEnd>();
  #run = 0;
  /** Why it was told to end. */
  #stopped: Verdict | undefined;
  #grace: Disposable | undefined;
  #cpuCheck: Disposable | undefined;
  #cpuBaseMs: number | undefined;

  /** Begins at once. */
  static async run(options: ScriptRunOptions): Promise<RunEnd> {
    const run = new ScriptRun(options);
    run.#begin();
    return await run.#end.promise;
  }

  private constructor({ runner, script, host, signal, clock }: ScriptRunOptions) {
    const { limits } = script;
    this.#runner = runner;
    this.#script = script;
    this.#limits = limits;
    this.#host = host;
    this.#signal = signal;
    this.#clock = clock;
    this.#wall = new WallClock(clock, limits.wallMs, () => {
      this.#stop('timeout', 'wallMs');
    });
    this.#calls = new RunCalls({ host, limits, wall: this.#wall, signal: this.#ending.signal });
    this.#output = new RunOutput(limits.outputBytes);
  }

  #begin(): void {
    this.#run = this.#runner.beginRun((message) => {
      this.#onMessage(message);
    });
    void this.#watchExit();
    this.#signal?.addEventListener('abort', this.#onAbort);
    if (this.#signal?.aborted === true) {
      this.#onAbort();
      return;
    }
    this.#checkCpuLater();
    void this.#runner.send({ type: 'run', run: this.#run, ...this.#script });
  }

  readonly #onAbort = (): void => {
    this.#finish({ status: 'killed', error: { name: 'AbortError', message: 'The script was stopped' } });
    void this.#runner.kill('its run was aborted');
  };

  async #watchExit(): Promise<void> {
    const exit = await this.#runner.exited;
    this.#finish(this.#stopped ?? failureOfExit(exit));
  }

  #onMessage(message: RunnerMessage): void {
    switch (message.type) {
      case 'call':
        this.#onCall(message);
        break;
      case 'output':
        this.#onOutput(message);
        break;
      case 'done':
        this.#onDone(message);
        break;
    }
  }

  #onCall(message: CallMessage): void {
    if (this.#stopped !== undefined) {
      return;
    }
    if (!this.#begins(message)) {
      return;
    }
    void this.#calls.answer(message, async (answer) => {
      await this.#runner.send({ type: 'settle', run: this.#run, call: message.call, ...answer });
    });
  }

  #begins(message: CallMessage): boolean {
    try {
      if (this.#calls.begin(message)) {
        return true;
      }
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) {
        throw cause;
      }
      this.#violated(cause.message);
      return false;
    }
    this.#stop('limit', 'calls');
    return false;
  }

  #onOutput({ stream, text }: OutputMessage): void {
    const kept = this.#output.add(stream, text);
    if (kept !== '') {
      try {
        this.#host.output?.(stream, kept);
      } catch {
        // It promises not to throw. What was printed is in the outcome in any case.
      }
    }
    if (this.#output.flooded) {
      this.#stop('limit', 'outputBytes');
    }
  }

  #onDone(done: DoneMessage): void {
    const usage = { cpuMs: done.cpuMs, heapBytes: done.heapBytes };
    if (this.#stopped !== undefined) {
      const error = { ...done.error, ...this.#stopped.error };
      this.#finish({ ...this.#stopped, ...(isFailure(error) ? { error } : {}) }, { usage });
      return;
    }
    if (done.status !== 'ok') {
      const { status, limit, error } = done;
      const fallback = limit === undefined ? FAILURE_OF_STATUS[status] : failureOfLimit(limit, this.#limits);
      this.#finish(
        { status, ...(limit === undefined ? {} : { limit }), error: error ?? fallback },
        { usage, fit: status === 'error', kept: done.kept },
      );
      return;
    }
    const { value, kept } = done;
    if (value !== undefined && Buffer.byteLength(value) > this.#limits.resultBytes) {
      const limit = 'resultBytes';
      this.#finish({ status: 'limit', limit, error: failureOfLimit(limit, this.#limits) }, { usage });
    } else if (value !== undefined && !isJsonText(value)) {
      this.#violated('A result that is no JSON text, or nested too deep');
    } else {
      this.#finish({ status: 'ok' }, { usage, fit: true, kept, value });
    }
  }

  /** Tells the runner to end the run, and kills it when it does not. */
  #stop(status: OutcomeStatus, limit: LimitName): void {
    if (this.#stopped !== undefined || this.#ending.signal.aborted) {
      return;
    }
    this.#stopped = { status, limit, error: failureOfLimit(limit, this.#limits) };
    void this.#runner.send({ type: 'stop', run: this.#run });
    this.#grace = this.#clock.after(STOP_GRACE_MS, () => {
      this.#finish(this.#stopped ?? { status });
      void this.#runner.kill('it did not end its run');
    });
  }

  #violated(rule: string): void {
    const exit: RunnerExit = { killedFor: rule, code: undefined, signal: undefined, stderr: '' };
    this.#finish(this.#stopped ?? failureOfExit(exit));
    this.#runner.violated(rule);
  }

  #checkCpuLater(): void {
    this.#cpuCheck = this.#clock.after(CPU_CHECK_MS, () => void this.#checkCpu(), 'quiet');
  }

  /** Matters when the runner no longer counts, and somebody holds the clock. */
  async #checkCpu(): Promise<void> {
    const usage = await this.#runner.usage();
    if (usage === undefined || this.#ending.signal.aborted) {
      return;
    }
    this.#cpuBaseMs ??= Math.max(0, usage.cpuMs - CPU_CHECK_MS);
    if (usage.cpuMs - this.#cpuBaseMs > this.#limits.cpuMs + CPU_SLACK_MS) {
      this.#stop('timeout', 'cpuMs');
    } else {
      this.#checkCpuLater();
    }
  }

  #finish(
    { status, limit, error }: Verdict,
    more: Partial<{
      readonly usage: Omit<Outcome['usage'], 'wallMs'>;
      readonly fit: boolean;
      readonly kept: boolean;
      readonly value: string | undefined;
    }> = {},
  ): void {
    if (this.#ending.signal.aborted) {
      return;
    }
    this.#runner.endRun();
    const wallMs = this.#wall.countedMs;
    const calls = this.#calls.made;
    this.#wall[Symbol.dispose]();
    this.#grace?.[Symbol.dispose]();
    this.#cpuCheck?.[Symbol.dispose]();
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#ending.abort();
    const { usage, fit = false, kept = false, value } = more;
    this.#end.resolve({
      outcome: {
        status,
        ...(value === undefined ? {} : { value }),
        ...(error === undefined ? {} : { error }),
        ...(limit === undefined ? {} : { limit }),
        output: this.#output.pieces,
        droppedOutputBytes: this.#output.droppedBytes,
        calls,
        usage: { wallMs, ...usage },
      },
      fit,
      kept: fit && kept,
    });
  }
}

function isFailure(error: Partial<ScriptFailure>): error is ScriptFailure {
  return error.name !== undefined && error.message !== undefined;
}
