import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { DEFAULT_LIMITS, type ScriptLimits } from '../../../../src/limits.ts';
import { encodeFrame, FrameDecoder } from '../../../../src/wire/frame.ts';
import { parseFromRunner } from '../../../../src/wire/from-runner.ts';
import type {
  DoneMessage,
  FromRunner,
  ReadyMessage,
  RunMessage,
  ToRunner,
} from '../../../../src/wire/messages.ts';

const MAIN = fileURLToPath(new URL('../../../../src/engines/javascript/runner/main.js', import.meta.url));

/** How a run ended, with what it did on the way. `died` when the process ended before it said how. */
export interface Told extends Partial<Omit<DoneMessage, 'status'>> {
  readonly status: DoneMessage['status'] | 'died';
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
  /** What the script returned, parsed. */
  readonly result: unknown;
  readonly tookMs: number;
}

export interface RunSettings {
  readonly language?: RunMessage['language'];
  readonly name?: string;
  readonly keep?: boolean;
  readonly prelude?: string;
  readonly data?: unknown;
  readonly limits?: Partial<ScriptLimits>;
  /** Answers a call; undefined leaves it open. Default: gives the input back. */
  readonly answer?: (name: string, input: unknown) => unknown;
  /** Called once the run was sent. */
  readonly started?: (run: number) => void;
}

export interface TestRunner extends AsyncDisposable {
  readonly ready: Promise<ReadyMessage>;
  readonly pid: number;
  /** Everything that came over standard output and error. */
  readonly noise: () => string;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly closeChannel: () => void;
  readonly send: (message: ToRunner) => void;
  readonly sendBytes: (bytes: Buffer) => void;
  readonly run: (code: string, settings?: RunSettings) => Promise<Told>;
}

export const PRELUDE = '(call, data) => { globalThis.call = call; globalThis.data = data; }';

/** Starts a runner as the host does, but for what contains it. */
export function startRunner(flags: readonly string[]): TestRunner {
  const child = spawn(process.execPath, [...flags, MAIN], {
    env: {},
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const noise: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => noise.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => noise.push(chunk));
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
  const channel = (child.stdio as unknown as Duplex[])[3]!;
  channel.on('error', () => {});
  const decoder = new FrameDecoder();
  const readied = Promise.withResolvers<ReadyMessage>();
  let listener: ((message: FromRunner) => void) | undefined;
  channel.on('data', (chunk: Buffer) => {
    for (const frame of decoder.push(chunk)) {
      const message = parseFromRunner(frame);
      if (message.type === 'ready') {
        readied.resolve(message);
      } else {
        listener?.(message);
      }
    }
  });

  const send = (message: ToRunner) => channel.write(encodeFrame(message));
  let runs = 0;

  async function run(code: string, settings: RunSettings = {}): Promise<Told> {
    runs += 1;
    const number = runs;
    const output = { stdout: '', stderr: '' };
    const calls: { name: string; input: unknown }[] = [];
    const startedAt = performance.now();
    const over = Promise.withResolvers<Partial<DoneMessage>>();
    listener = (message) => {
      if (message.type === 'ready' || message.run !== number) {
        throw new Error(`Unexpected ${JSON.stringify(message)}`);
      } else if (message.type === 'output') {
        output[message.stream] += message.text;
      } else if (message.type === 'call') {
        const input: unknown = JSON.parse(message.input);
        calls.push({ name: message.name, input });
        void answer(message.call, message.name, input);
      } else {
        over.resolve(message);
      }
    };
    const answer = async (call: number, name: string, input: unknown) => {
      try {
        const value = settings.answer === undefined ? input : await settings.answer(name, input);
        if (value !== undefined) {
          send({ type: 'settle', run: number, call, value: JSON.stringify(value) });
        }
      } catch (error) {
        const { name: kind, message, details } = error as Error & { details?: unknown };
        send({ type: 'settle', run: number, call, error: { name: kind, message, details } });
      }
    };
    await readied.promise;
    send({
      type: 'run',
      run: number,
      language: settings.language ?? 'typescript',
      name: settings.name ?? 'script.ts',
      code,
      prelude: settings.prelude ?? PRELUDE,
      data: JSON.stringify(settings.data ?? null),
      keep: settings.keep ?? false,
      limits: { ...DEFAULT_LIMITS, cpuMs: 5000, ...settings.limits },
    });
    settings.started?.(number);
    const done = await Promise.race([over.promise, exited.then(() => ({ status: undefined }))]);
    return {
      ...done,
      ...output,
      status: done.status ?? 'died',
      calls,
      result: 'value' in done && done.value !== undefined ? (JSON.parse(done.value) as unknown) : undefined,
      tookMs: performance.now() - startedAt,
    };
  }

  return {
    ready: readied.promise,
    pid: child.pid ?? 0,
    noise: () => Buffer.concat(noise).toString(),
    exited,
    closeChannel: () => channel.destroy(),
    send,
    sendBytes: (bytes) => channel.write(bytes),
    run,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
