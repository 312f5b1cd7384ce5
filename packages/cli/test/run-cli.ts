import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { InStream, OutStream } from '../src/cli/io.ts';
import { main } from '../src/main.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What standard input holds. */
  readonly input?: string;
  /** Milliseconds since 1970. */
  readonly now?: number;
}

/** A folder of one test with a state folder in it. */
export interface Place extends AsyncDisposable {
  readonly folder: string;
  readonly home: string;
  file(name: string): string;
  /** Writes a file and gives its path. */
  write(name: string, text: string): Promise<string>;
  /** Runs a command in this process. */
  smcp(args: readonly string[], options?: RunOptions): Promise<Ran>;
}

export async function makePlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-cli-'));
  const home = join(folder, 'home');
  const file = (name: string): string => join(folder, name);
  return {
    folder,
    home,
    file,
    write: async (name, text) => {
      await writeFile(file(name), text, { mode: 0o600 });
      return file(name);
    },
    smcp: async (args, { env = {}, input = '', now } = {}) => {
      const stdout = new Collector();
      const stderr = new Collector();
      const code = await main(['node', 'smcp', ...args], {
        stdin: Readable.from([Buffer.from(input)]),
        stdout,
        stderr,
        env: { PATH: process.env['PATH'] ?? '', SMCP_HOME: home, ...env },
        now: () => now ?? Date.now(),
      });
      return { code, stdout: stdout.text, stderr: stderr.text };
    },
    [Symbol.asyncDispose]: async () => {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export class Collector extends Writable implements OutStream {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** A terminal to type into; `raw` has every switch of the raw mode. */
export function fakeTerminal(): PassThrough & InStream & { readonly raw: boolean[] } {
  const raw: boolean[] = [];
  return Object.assign(new PassThrough(), {
    isTTY: true,
    raw,
    setRawMode: (on: boolean) => raw.push(on),
  });
}

const BIN = fileURLToPath(new URL('../bin/smcp.js', import.meta.url));
// Children start twice as fast when they need not strip types again.
const COMPILED = fileURLToPath(new URL('../../../node_modules/.cache/smcp-cli-test', import.meta.url));

/** Environment of a real command: nothing of ours but PATH. */
export function commandEnv({ home }: Pick<Place, 'home'>): Readonly<Record<string, string>> {
  return { PATH: process.env['PATH'] ?? '', SMCP_HOME: home, XDG_CACHE_HOME: COMPILED };
}

/** Starts the real command. */
export function startCommand(
  place: Pick<Place, 'home' | 'folder'>,
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly bin?: string;
    readonly cwd?: string;
  } = {},
): ChildProcess {
  return spawn(process.execPath, [options.bin ?? BIN, ...args], {
    cwd: options.cwd ?? place.folder,
    env: { ...commandEnv(place), ...options.env },
  });
}

/** Runs the real command to its end. */
export async function runCommand(
  place: Pick<Place, 'home' | 'folder'>,
  args: readonly string[],
  options: Parameters<typeof startCommand>[2] & { readonly input?: string } = {},
): Promise<Ran> {
  const child = startCommand(place, args, options);
  child.stdin?.end(options.input ?? '');
  const [stdout, stderr, code] = await Promise.all([
    readStream(child.stdout),
    readStream(child.stderr),
    exitOf(child),
  ]);
  return { code, stdout, stderr };
}

export async function exitOf(child: ChildProcess): Promise<number> {
  return await new Promise((resolve) => {
    child.on('close', (code) => {
      resolve(code ?? -1);
    });
  });
}

async function readStream(stream: Readable | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
}
