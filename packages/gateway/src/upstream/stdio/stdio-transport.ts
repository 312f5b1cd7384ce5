import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Exchange } from '../exchange.ts';
import type { SendResult, Transport, TransportEvents } from '../transport.ts';
import { UpstreamError } from '../upstream-error.ts';
import { ifAnsweredId } from './answered-id.ts';
import { LineSplitter } from './line-splitter.ts';
import { LineWriter } from './line-writer.ts';
import { guardGroup } from './exit-guard.ts';
import { endProcessGroup, killProcessGroup } from './process-group.ts';
import { spawnFailure } from './spawn-failure.ts';
import { stripControls, TextRing } from './text-ring.ts';

const DIAGNOSIS_LENGTH = 16 * 1024;
const NOISE_LENGTH = 1000;
const END_GRACE_MS = 2000;
const DRAIN_MS = 500;
/** Characters that may wait for a server that does not read; a single message may be longer. */
const MAX_WAITING_LENGTH = 8 * 1024 * 1024;

export interface StdioServer {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child; nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Bytes of one line the server may print. */
  readonly maxLineBytes: number;
  /** Milliseconds between closing its input, SIGTERM and SIGKILL. Default: 2 s. */
  readonly endGraceMs?: number;
}

/**
 * A server as a child process that leads its own process group: newline-delimited JSON over its standard input and output. Lines that are no JSON
 * object are kept for diagnosis and otherwise ignored; the connection sees only text that looks like a message.
 */
export class StdioTransport implements Transport {
  readonly #server: StdioServer;
  readonly #stderr = new TextRing(DIAGNOSIS_LENGTH);
  #child: ChildProcessWithoutNullStreams | undefined;
  #writer: LineWriter | undefined;
  #events: TransportEvents | undefined;
  #drain: NodeJS.Timeout | undefined;
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
    this.#events = events;
    const child = this.#spawn();
    this.#child = child;
    this.#writer = new LineWriter(child.stdin);
    const lines = new LineSplitter(this.#server.maxLineBytes, {
      onLine: (line) => {
        this.#onLine(line);
      },
      onTooLong: (head, tail) => {
        this.#onTooLong(head, tail);
      },
    });
    child.stdout.on('data', (chunk: Buffer) => {
      lines.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr.push(chunk);
    });
    // Both mostly come with the end of the process, which tells more; a server that only stops listening or talking is of no use either.
    child.stdin.on('error', () => {
      this.#closeSoon('closed its standard input');
    });
    child.stdout.once('end', () => {
      this.#closeSoon('closed its standard output');
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => {
        reject(spawnFailure(this.#server.name, cause, this.#server.cwd));
      });
    });
    child.on('error', () => undefined);
    const unguard = guardGroup(child.pid);
    child.once('exit', (code, signal) => {
      this.#onExit(child, code, signal);
      unguard();
    });
    child.once('close', (code, signal) => {
      this.#close(howEnded(code, signal));
    });
  }

  // Standard input and output need no more than to be open.
  ready(): void {}
  listen(): void {}

  diagnosis(): string {
    return this.#stderr.toString();
  }

  async send(text: string, _sent: Exchange): Promise<SendResult> {
    const stdin = this.#child?.stdin;
    if (stdin === undefined || this.#writer === undefined || this.#disposed) {
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', `Server "${this.#server.name}" is not running`);
    }
    const { waitingLength } = this.#writer;
    if (waitingLength > 0 && waitingLength + text.length > MAX_WAITING_LENGTH) {
      throw new UpstreamError(
        'UPSTREAM_UNAVAILABLE',
        `Server "${this.#server.name}" does not read what it is sent`,
      );
    }
    const outcome = stdin.writable && !this.#ended ? await this.#writer.write(text) : 'not-written';
    if (outcome === 'written') {
      return 'handed-over';
    }
    throw outcome === 'unknown'
      ? this.#lost('closed its standard input')
      : new UpstreamError('UPSTREAM_SESSION_LOST', `Server "${this.#server.name}" has ended`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#drain);
    if (this.#child !== undefined) {
      await endProcessGroup(this.#child, this.#server.endGraceMs ?? END_GRACE_MS);
      this.#child.stdout.destroy();
      this.#child.stderr.destroy();
    }
  }

  #lost(how: string): UpstreamError {
    return new UpstreamError('UPSTREAM_LOST', `Server "${this.#server.name}" ${how}`);
  }

  #spawn(): ChildProcessWithoutNullStreams {
    const { name, command, args, env, cwd } = this.#server;
    try {
      return spawn(command, args, {
        env,
        cwd,
        detached: true,
        shell: false,
        stdio: ['pipe', 'pipe', 'pipe'],
        windowsHide: true,
      });
    } catch (cause) {
      throw spawnFailure(name, cause, cwd);
    }
  }

  #onLine(line: string): void {
    if (line.startsWith('{')) {
      this.#events?.message(line);
    } else {
      this.#stderr.push(`[stdout] ${stripControls(line.slice(0, NOISE_LENGTH))}\n`);
    }
  }

  #onTooLong(head: string, tail: string): void {
    this.#stderr.push(`\n[a line over ${this.#server.maxLineBytes} bytes was dropped]\n`);
    const id = ifAnsweredId(head, tail);
    if (id !== undefined) {
      this.#events?.tooLarge(id);
    }
  }

  // The last answers may still be in the pipe: `close` comes when it is drained. A grandchild that left the group can hold the pipe open, so
  // there is a limit to the wait.
  #onExit(child: ChildProcessWithoutNullStreams, code: number | null, signal: NodeJS.Signals | null): void {
    this.#ended = true;
    if (child.pid !== undefined) {
      killProcessGroup(child.pid);
    }
    clearTimeout(this.#drain);
    this.#drain = undefined;
    this.#closeSoon(howEnded(code, signal));
  }

  #closeSoon(how: string): void {
    if (this.#drain === undefined && !this.#disposed && !this.#closed) {
      this.#drain = setTimeout(() => {
        this.#close(how);
      }, DRAIN_MS).unref();
    }
  }

  #close(how: string): void {
    if (this.#disposed || this.#closed) {
      return;
    }
    this.#closed = true;
    clearTimeout(this.#drain);
    this.#events?.close(this.#lost(how));
  }
}

function howEnded(code: number | null, signal: NodeJS.Signals | null): string {
  return `ended with ${signal === null ? `exit code ${code}` : `signal ${signal}`}`;
}
