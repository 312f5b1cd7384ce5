import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import {
  joinCalls,
  readAudit,
  verifyAudit,
  type AuditRecord,
  type CallSummary,
} from '../../src/audit/index.ts';
import { openFoundation } from '../../src/index.ts';
import { KEY } from './http.ts';

export const PROGRAM: string = fileURLToPath(new URL('../fixtures/workers-process.ts', import.meta.url));

/** A gateway of several processes, with a state folder of its own. */
export interface Workers extends AsyncDisposable {
  readonly folder: string;
  readonly url: string;
  readonly pid: number;
  readonly log: () => string;
  /** Ids of the worker processes, as the system has them, in the order of their numbers. */
  workerPids(): Promise<readonly number[]>;
  /** Ids of all processes below the gateway. */
  descendants(): Promise<readonly number[]>;
  signal(signal: NodeJS.Signals): void;
  /** Waits for the end of the gateway; gives its exit code, or the signal. */
  ended(): Promise<number | NodeJS.Signals | null>;
  write(config: object): Promise<void>;
  calls(): Promise<readonly CallSummary[]>;
  records(): Promise<readonly AuditRecord[]>;
  /** Fails unless there is one chain, and it is whole. Once the gateway has ended. */
  checkChain(): Promise<void>;
}

/** Common configuration of these tests. */
export function configOf(config: object): object {
  return {
    listen: '127.0.0.1:0',
    workers: 2,
    api_keys: [{ name: 'alice', key: KEY, role: 'eng' }],
    roles: { eng: { allow: ['*:*'] } },
    ...config,
  };
}

/** @param program What is run; default: the sources. */
export async function startWorkers(config: object, program: string = PROGRAM): Promise<Workers> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-workers-'));
  const state = join(folder, 'state');
  const file = join(folder, 'smcp.yaml');
  const write = async (next: object): Promise<void> => {
    await writeFile(file, stringify(configOf(next)));
  };
  await write(config);
  const child = spawn(process.execPath, [program, file, state], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk;
  });
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, 'line') as Promise<[string]>,
    exited.then(() => {
      throw new Error(`The gateway ended before it listened: ${log}`);
    }),
  ]);
  const pid = child.pid ?? 0;
  const audit = join(state, 'audit');
  const records = async (): Promise<AuditRecord[]> =>
    await Array.fromAsync(readAudit({ directory: audit, filter: {} }));
  return {
    folder,
    pid,
    url: first[0],
    log: () => log,
    write,
    records,
    calls: async () => await Array.fromAsync(joinCalls(await records())),
    workerPids: async () => {
      const children = await childrenOf(pid);
      const named = await Promise.all(children.map(async (id) => [id, await commandOf(id)] as const));
      return named
        .flatMap(([id, command]) => {
          const number = /worker-process\.\w+\0(\d+)/.exec(command)?.[1];
          return number === undefined ? [] : [[id, Number(number)] as const];
        })
        .toSorted(([, one], [, other]) => one - other)
        .map(([id]) => id);
    },
    descendants: async () => await descendantsOf(pid),
    signal: (signal) => {
      child.kill(signal);
    },
    ended: async () => {
      const [code, signal] = await exited;
      return code ?? signal;
    },
    checkChain: async () => {
      await using foundation = await openFoundation({ env: {}, home: state });
      const { store, home } = foundation;
      const verdict = await verifyAudit({ directory: audit, store, publicKey: home.auditPublicKey });
      expect(verdict.writers.flatMap(({ problems }) => problems)).toEqual([]);
      expect(verdict.ok).toBe(true);
      expect(verdict.writers).toHaveLength(1);
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    tasks.map(async (task) => await readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.split(' ').filter((id) => id !== '')).map(Number);
}

async function descendantsOf(pid: number): Promise<readonly number[]> {
  const children = await childrenOf(pid);
  const below = await Promise.all(children.map(descendantsOf));
  return [...children, ...below.flat()];
}

async function commandOf(pid: number): Promise<string> {
  return await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}
