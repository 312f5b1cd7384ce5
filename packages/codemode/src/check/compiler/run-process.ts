import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';

/** How a process ended that was not stopped. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  /** The first characters of what it wrote. */
  readonly stdout: string;
  readonly stderr: string;
  /** It wrote more than it may, and was killed. */
  readonly isCut: boolean;
}

export interface ProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly maxOutputBytes: number;
  /** Kills it, with all that it has started. */
  readonly signal: AbortSignal;
}

const MAX_STDERR_BYTES = 4096;
/** Below the gateway's own, for what is checked may keep a processor busy. */
const NICE = 5;

/**
 * Runs a process without input to its end.
 *
 * @throws The reason of `options.signal` once the process is dead, or the error of the system when it cannot be started.
 */
export async function runProcess(command: readonly string[], options: ProcessOptions): Promise<ProcessEnd> {
  const { signal } = options;
  signal.throwIfAborted();
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that it can be killed with whatever wraps it.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const kill = (): void => killGroup(child.pid);
  const stdout = new Head(options.maxOutputBytes, kill);
  const stderr = new Head(MAX_STDERR_BYTES);
  child.stdout.on('data', (piece: Buffer) => stdout.push(piece));
  child.stderr.on('data', (piece: Buffer) => stderr.push(piece));
  if (child.pid !== undefined) lowerPriority(child.pid);
  signal.addEventListener('abort', kill, { once: true });
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    return { exitCode, stdout: stdout.text, stderr: stderr.text, isCut: stdout.isCut };
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, NICE);
  } catch {
    // It has ended already, or the system does not allow it; it is bounded in time all the same.
  }
}

/** Keeps the beginning of a stream. */
class Head {
  readonly #maxBytes: number;
  readonly #onCut: () => void;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  isCut = false;

  constructor(maxBytes: number, onCut: () => void = () => undefined) {
    this.#maxBytes = maxBytes;
    this.#onCut = onCut;
  }

  push(piece: Buffer): void {
    const room = this.#maxBytes - this.#bytes;
    if (room > 0) this.#pieces.push(piece.subarray(0, room));
    this.#bytes += piece.length;
    if (this.#bytes <= this.#maxBytes || this.isCut) return;
    this.isCut = true;
    this.#onCut();
  }

  get text(): string {
    return Buffer.concat(this.#pieces).toString();
  }
}
