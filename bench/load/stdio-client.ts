import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { agreedVersion, HANDSHAKE, LoadError, type BenchClient } from './bench-client.ts';

interface Waiting {
  readonly resolve: (text: string) => void;
  readonly reject: (error: LoadError) => void;
}

/** A stdio server as a child process that all clients of one case share, as they share it behind a gateway. */
export class StdioClient implements BenchClient {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number, Waiting>();
  #rest = '';
  #ended = false;

  private constructor(args: readonly string[]) {
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.#receive(chunk);
    });
    this.#child.once('error', () => {
      this.#end();
    });
    this.#child.once('exit', () => {
      this.#end();
    });
  }

  static async open(args: readonly string[]): Promise<StdioClient> {
    const client = new StdioClient(args);
    agreedVersion(await client.request(0, HANDSHAKE.initialize(0)));
    client.#child.stdin.write(`${HANDSHAKE.initialized}\n`);
    return client;
  }

  /** Ids must be different among everybody who shares this process. */
  async request(id: number, text: string): Promise<string> {
    if (this.#ended) {
      throw new LoadError('process ended');
    }
    return await new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.stdin.write(`${text}\n`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    this.#end();
  }

  #receive(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const { id } = JSON.parse(line) as { readonly id?: number };
      if (id !== undefined) {
        this.#waiting.get(id)?.resolve(line);
        this.#waiting.delete(id);
      }
    }
  }

  #end(): void {
    this.#ended = true;
    for (const { reject } of this.#waiting.values()) {
      reject(new LoadError('process ended'));
    }
    this.#waiting.clear();
  }
}
