import { spawn, type ChildProcess } from 'node:child_process';
import type { SendContext, SendResult, Transport, TransportEvents } from '../transport.ts';
import { UpstreamError } from '../upstream-error.ts';
import { LineSplitter } from './line-splitter.ts';
import { endProcessGroup, killProcessGroup } from './process-group.ts';
import { stripControls, TextRing } from './text-ring.ts';

const DIAGNOSIS_LENGTH = 16 * 1024;
const END_GRACE_MS = 2000;
const DRAIN_MS = 500;

export interface StdioServer {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child; nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Bytes of one line the server may print. */
  readonly maxLineBytes: number;
}

/**
 * A server as a child process that leads its own process group: newline-delimited JSON over its standard input and output. Lines that are no JSON
 * are kept for diagnosis and otherwise ignored; the connection sees only text that looks like a message.
 */
export class StdioTransport implements Transport {
  readonly #server: StdioServer;
  readonly #stderr = new TextRing(DIAGNOSIS_LENGTH);
  #child: ChildProcess | undefined;
  #events: TransportEvents | undefined;
  #disposed = false;
  #ended = false;
  #closed = false;

  constructor(server: StdioServer) {
    this.#server = server;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async open(events: TransportEvents): Promise<void> {
    const { command, args, env, cwd } = this.#server;
    this.#events = events;
    const child = spawn(command, args, { env, cwd, detached: true, shell: false, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    this.#child = child;
    const lines = new LineSplitter(
      this.#server.maxLineBytes,
      (line) => {
        this.#onLine(line);
      },
      () => this.#stderr.push(`\n[a line over ${this.#server.maxLineBytes} bytes was dropped]\n`),
    );
    child.stdout?.on('data', (chunk: Buffer) => {
      lines.push(chunk);
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr.push(chunk);
    });
    // A broken pipe shows as the end of the process, which is handled there.
    child.stdin?.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => {
        reject(new UpstreamError('UPSTREAM_UNAVAILABLE', `Cannot start server "${this.#server.name}": ${describeSpawn(cause, command, cwd)}`, { cause }));
      });
    });
    child.on('error', () => undefined);
    child.once('exit', () => {
      this.#onExit();
    });
    child.once('close', (code, signal) => {
      this.#onClose(code, signal);
    });
  }

  ready(): void {}

  diagnosis(): string {
    return this.#stderr.toString();
  }

  async send(text: string, _context: SendContext): Promise<SendResult> {
    const stdin = this.#child?.stdin;
    if (!stdin?.writable || this.#ended) {
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', `Server "${this.#server.name}" is not running`);
    }
    stdin.write(`${text}\n`);
    return 'handed-over';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    if (this.#child !== undefined) {
      await endProcessGroup(this.#child, END_GRACE_MS);
      this.#child.stdout?.destroy();
      this.#child.stderr?.destroy();
    }
  }

  #onLine(line: string): void {
    if (line.startsWith('{') || line.startsWith('[')) {
      this.#events?.message(line);
    } else {
      this.#stderr.push(`[stdout] ${stripControls(line.slice(0, 1000))}\n`);
    }
  }

  // The last answers may still be in the pipe: `close` comes when it is drained. A grandchild that left the group can hold the pipe open, so
  // there is a limit to the wait.
  #onExit(): void {
    this.#ended = true;
    const child = this.#child;
    if (child?.pid !== undefined) {
      killProcessGroup(child.pid);
    }
    setTimeout(() => {
      this.#onClose(child?.exitCode ?? null, child?.signalCode ?? null);
    }, DRAIN_MS).unref();
  }

  #onClose(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#disposed || this.#closed) {
      return;
    }
    this.#closed = true;
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
    this.#events?.close(new UpstreamError('UPSTREAM_LOST', `Server "${this.#server.name}" ended with ${how}`));
  }
}

function describeSpawn(cause: Error, command: string, cwd: string): string {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return `Program "${command}" or folder "${cwd}" not found`;
    case 'EACCES':
      return `Program "${command}" is not executable`;
    default:
      return cause.message;
  }
}
