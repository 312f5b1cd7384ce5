import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { systemClock, type Clock } from '../lib/clock.ts';
import type { Command } from '../layers/program.ts';
import { SandboxError } from '../sandbox-error.ts';
import { DEFAULT_MAX_FRAME_BYTES, encodeFrame, FrameDecoder } from '../wire/frame.ts';
import { parseFromRunner } from '../wire/from-runner.ts';
import type { FromRunner, ReadyMessage, ToRunner } from '../wire/messages.ts';
import { ProtocolError } from '../wire/protocol-error.ts';
import { BoundedTail } from './bounded-tail.ts';
import { ifTreeUsage, type TreeUsage } from './process-tree.ts';
import { describeExit, toRunnerExit, type RunnerExit } from './runner-exit.ts';
import { killGroup, spawnCommand } from './spawn-command.ts';

const STDERR_BYTES = 16 * 1024;
/** After the process has ended, for what it still had to say. */
const DRAIN_MS = 500;
/** After it has closed its channel, to end: on a machine with much to do a crash takes its time, and only its end tells what it was. */
const HANG_UP_MS = 5000;
/** Messages of runs that have ended; calls that were on their way are some, a flood is an attack. */
const MAX_LATE_MESSAGES = 10_000;

export type RunnerMessage = Exclude<FromRunner, ReadyMessage>;

export interface RunnerOptions {
  /** Milliseconds that it may take until it says that it is ready. Default: 10 s. */
  readonly readyTimeoutMs?: number;
  /** Default: `DEFAULT_MAX_FRAME_BYTES`. */
  readonly maxFrameBytes?: number;
  readonly clock?: Clock;
  /** Gives up starting. */
  readonly signal?: AbortSignal;
}

/**
 * One runner process and the talk with it.
 *
 * It leads a process group that is killed as a whole. A frame that is no message of a runner, a message of a run that was never begun, or a second "ready"
 * kills it. It keeps this process alive only while it starts, runs or is being killed.
 */
export class RunnerProcess {
  /** Settled once nothing of it is left. Never rejects. */
  readonly exited: Promise<RunnerExit>;
  readonly #child: ChildProcess;
  readonly #channel: Socket;
  readonly #stderr: Socket;
  readonly #tail = new BoundedTail(STDERR_BYTES);
  readonly #decoder: FrameDecoder;
  readonly #clock: Clock;
  readonly #ready = Promise.withResolvers<ReadyMessage>();
  readonly #exit = Promise.withResolvers<RunnerExit>();
  #readyMessage: ReadyMessage | undefined;
  #receiver: ((message: RunnerMessage) => void) | undefined;
  #run = 0;
  #lateMessages = 0;
  #killedFor: string | undefined;
  #hungUp = false;
  #ended = false;
  #drain: Disposable | undefined;

  /**
   * @throws {SandboxError} `RUNNER_FAILED` when it does not get ready; nothing of it is left then. The message has the last line of its standard error.
   */
  static async start(command: Command, options: RunnerOptions = {}): Promise<RunnerProcess> {
    options.signal?.throwIfAborted();
    const runner = new RunnerProcess(command, options);
    await runner.#whenReady(options);
    return runner;
  }

  private constructor(command: Command, options: RunnerOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#decoder = new FrameDecoder(options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES);
    this.exited = this.#exit.promise;
    const { child, channel, stderr } = spawnRunner(command);
    this.#child = child;
    this.#channel = channel;
    this.#stderr = stderr;
    channel.on('data', (chunk: Buffer) => {
      this.#onData(chunk);
    });
    channel.on('error', () => {
      this.#onHangUp();
    });
    channel.on('end', () => {
      this.#onHangUp();
    });
    stderr.on('data', (chunk: Buffer) => {
      this.#tail.push(chunk);
    });
    stderr.on('error', () => undefined);
    child.once('error', (cause) => {
      this.#tail.push(Buffer.from(cause.message));
      this.#onClose(null, null);
    });
    child.once('exit', (code, signal) => {
      this.#ended = true;
      this.#drain?.[Symbol.dispose]();
      // Something that holds the descriptors open must not hold us.
      this.#drain = this.#clock.after(DRAIN_MS, () => {
        this.#onClose(code, signal);
      });
    });
    child.once('close', (code, signal) => {
      this.#onClose(code, signal);
    });
  }

  /** Process id of the outermost process of it. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** False once it has ended or is being killed. */
  get alive(): boolean {
    return !this.#ended && !this.#hungUp && this.#killedFor === undefined;
  }

  /** What it said of itself. */
  get about(): ReadyMessage | undefined {
    return this.#readyMessage;
  }

  /** Number of runs begun so far. */
  get runs(): number {
    return this.#run;
  }

  /**
   * Begins the next run: its messages go to the receiver until `endRun`.
   *
   * @returns The number of the run.
   */
  beginRun(receiver: (message: RunnerMessage) => void): number {
    this.#receiver = receiver;
    this.#run += 1;
    this.#keepAlive(true);
    return this.#run;
  }

  endRun(): void {
    this.#receiver = undefined;
    if (this.alive) {
      this.#keepAlive(false);
    }
  }

  /** Sends a message; settled once the system has taken all of it, or the runner has gone. Never rejects. */
  async send(message: ToRunner): Promise<void> {
    if (!this.alive || !this.#channel.writable) {
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#channel.write(encodeFrame(message), () => {
      resolve();
    });
    await promise;
  }

  /**
   * Kills it with all its processes.
   *
   * @param reason In a few words, for `RunnerExit.killedFor`. The first one counts.
   */
  kill(reason: string): Promise<RunnerExit> {
    if (!this.#ended && this.#killedFor === undefined) {
      this.#killedFor = reason;
      this.#receiver = undefined;
      this.#keepAlive(true);
      killGroup(this.#child);
    }
    return this.exited;
  }

  /** What it uses now; undefined where the system does not tell. */
  async usage(): Promise<TreeUsage | undefined> {
    return this.pid === undefined || !this.alive ? undefined : await ifTreeUsage(this.pid);
  }

  async #whenReady({ readyTimeoutMs = 10_000, signal }: RunnerOptions): Promise<void> {
    const onAbort = (): void => {
      void this.kill('it is no longer wanted');
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    using _timer = this.#clock.after(readyTimeoutMs, () => {
      void this.kill(`it was not ready within ${readyTimeoutMs} ms`);
    });
    const first = await Promise.race([this.#ready.promise, this.exited]);
    signal?.removeEventListener('abort', onAbort);
    if ('type' in first && this.alive) {
      this.#keepAlive(false);
      return;
    }
    const exit = await this.exited;
    const said = exit.stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
    throw new SandboxError(
      'RUNNER_FAILED',
      `A runner could not be started: it ${describeExit(exit).replace(/^was killed: it /u, '')}${said === '' ? '' : ` (${said})`}`,
    );
  }

  /** A channel mostly breaks because the process ends, which tells more; without one the process is of no use. */
  #onHangUp(): void {
    if (!this.#hungUp && !this.#ended) {
      this.#hungUp = true;
      this.#keepAlive(true);
      this.#drain = this.#clock.after(HANG_UP_MS, () => {
        void this.kill('it closed its channel');
      });
    }
  }

  #onData(chunk: Buffer): void {
    if (!this.alive) {
      return;
    }
    try {
      for (const frame of this.#decoder.push(chunk)) {
        // A receiver may have killed it over the frame before.
        if (this.alive) {
          this.#onMessage(parseFromRunner(frame));
        }
      }
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) {
        throw cause;
      }
      this.violated(cause.message);
    }
  }

  #onMessage(message: FromRunner): void {
    if (message.type === 'ready') {
      if (this.#readyMessage !== undefined) {
        throw new ProtocolError('It said twice that it is ready');
      }
      this.#readyMessage = message;
      this.#ready.resolve(message);
      return;
    }
    if (message.run > this.#run) {
      throw new ProtocolError(`Message of run ${message.run}, which was not begun`);
    }
    if (message.run === this.#run && this.#receiver !== undefined) {
      this.#receiver(message);
      return;
    }
    this.#lateMessages += 1;
    if (this.#lateMessages > MAX_LATE_MESSAGES) {
      throw new ProtocolError('Too many messages of runs that have ended');
    }
  }

  /** To be called when a message breaks the rules that only its receiver knows: kills the runner. */
  violated(rule: string): void {
    void this.kill(`it broke the protocol: ${rule}`);
  }

  #keepAlive(keep: boolean): void {
    const verb = keep ? 'ref' : 'unref';
    this.#child[verb]();
    this.#channel[verb]();
    this.#stderr[verb]();
  }

  #onClose(code: number | null, signal: NodeJS.Signals | null): void {
    this.#ended = true;
    this.#drain?.[Symbol.dispose]();
    this.#channel.destroy();
    this.#stderr.destroy();
    this.#exit.resolve(toRunnerExit(this.#killedFor, code, signal, this.#tail.toString()));
  }
}

function spawnRunner(command: Command): ReturnType<typeof spawnCommand> {
  try {
    return spawnCommand(command);
  } catch (cause) {
    throw new SandboxError('RUNNER_FAILED', 'A runner could not be started', { cause });
  }
}
