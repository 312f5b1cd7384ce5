import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EraClient } from '../client/era-client.ts';
import { textOf } from '../features/feature.ts';
import { serverCommand, startHttpServer } from './server-process.ts';
import { waitUntil } from './wait-until.ts';
import type { Way } from './ways.ts';

/** A server behind the gateway that can be made to crash, and that writes down what it executes. */
export interface KillableServer extends AsyncDisposable {
  /** Its entry in the configuration of the gateway. */
  readonly entry: Record<string, unknown>;
  /** Tags of the calls that ran, in order, those of processes that are gone included. */
  executed(): Promise<readonly string[]>;
  /** Ends its process as a crash would, and waits until it is gone. */
  kill(pid: number): Promise<void>;
  /** Lets it be reached again: over HTTP on the same port, with all sessions forgotten; a child process is left to the gateway. */
  revive(): Promise<void>;
}

export async function startKillableServer({ era, transport }: Way, folder: string): Promise<KillableServer> {
  const log = join(folder, `${era}-${transport}.log`);
  let http = transport === 'stdio' ? undefined : await startHttpServer(era, transport, { log });
  let reviving: Promise<void> | undefined;
  let disposed = false;
  return {
    entry: http === undefined ? serverCommand(era, 'stdio', log) : { url: http.url },
    executed: async () =>
      (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((tag) => tag !== ''),
    kill: async (pid) => {
      process.kill(pid, 'SIGKILL');
      // A process of which only the main thread has ended can still be written to; once its parent has collected it, nothing can.
      await waitUntil('the process to be gone', () => (existsSync(`/proc/${pid}`) ? undefined : true));
    },
    revive: async () => {
      if (transport === 'stdio' || http === undefined || disposed) return;
      reviving = startHttpServer(era, transport, { log, port: http.port }).then((started) => {
        http = started;
      });
      await reviving;
    },
    [Symbol.asyncDispose]: async () => {
      disposed = true;
      await reviving;
      await http?.kill();
    },
  };
}

/** Id of the process that answers this client's calls now. */
export async function processBehind(client: EraClient): Promise<number> {
  return Number(textOf(await client.callTool('pid')));
}
