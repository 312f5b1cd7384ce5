import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Era } from '@smcp/protocol';

export type UpstreamTransport = 'http' | 'stdio' | 'sse';

const PROGRAM = fileURLToPath(import.meta.resolve('../server/program.ts'));

/** How to start the server of an era; over stdio by whoever reads its standard output. */
export function serverCommand(
  era: Era,
  transport: UpstreamTransport,
  ...rest: readonly string[]
): { command: string; args: string[] } {
  return { command: process.execPath, args: [PROGRAM, era, transport, ...rest] };
}

/** A server of one era in a process of its own, reached over HTTP. */
export interface HttpServerProcess extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

export async function startHttpServer(
  era: Era,
  transport: 'http' | 'sse',
  { log = '-', port = 0 }: { readonly log?: string; readonly port?: number } = {},
): Promise<HttpServerProcess> {
  const { command, args } = serverCommand(era, transport, log, String(port));
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const listening = await firstLine(child);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    url: `http://127.0.0.1:${listening}/${transport === 'sse' ? 'sse' : 'mcp'}`,
    port: Number(listening),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.stdout?.setEncoding('utf8').once('data', (line: string) => resolve(line.trim()));
  child.once('exit', (code) => reject(new Error(`The server ended with ${String(code)} before it listened`)));
  child.once('error', reject);
  return await promise;
}
