import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { fresh, textOf } from './http.ts';
import { isAlive, startWorkers, type Workers } from './workers-fixture.ts';

const COUNTING = fileURLToPath(new URL('../fixtures/counting-server.mjs', import.meta.url));
const ERAS = fileURLToPath(new URL('../eras/server/program.ts', import.meta.url));

/** A busy machine takes its time to start processes. */
export const PATIENT = { timeout: 60_000 };

/** What one test has started. */
export class Bench implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();

  async start(config: object, program?: string): Promise<Workers> {
    return this.#stack.use(await startWorkers(config, program));
  }

  /** A folder that is removed at the end. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'smcp-bench-'));
    this.#stack.defer(async () => {
      await rm(folder, { recursive: true, force: true });
    });
    return folder;
  }

  /** A server that takes `delayMs` for each call and writes down which it has executed. */
  async counting(delayMs = 0): Promise<{ servers: object; executed: () => Promise<string[]> }> {
    const file = join(await this.folder(), 'executed');
    await writeFile(file, '');
    return {
      servers: { counting: { command: process.execPath, args: [COUNTING, file, String(delayMs)] } },
      executed: async () => (await readFile(file, 'utf8')).split('\n').filter((line) => line !== ''),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** A server of one era over standard input and output, that asks its client and makes tasks. */
export function eraServer(era: 'handshake' | 'modern', more: object = {}): object {
  return { command: process.execPath, args: [ERAS, era, 'stdio'], ...more };
}

export async function stop(workers: Workers): Promise<void> {
  workers.signal('SIGTERM');
  expect(await workers.ended()).toBe(0);
}

/** Waits until others serve in the place of these. */
export async function replaced(workers: Workers, victims: readonly number[]): Promise<void> {
  await expect.poll(() => victims.filter(isAlive), PATIENT).toEqual([]);
  await expect
    .poll(async () => await fresh(`${workers.url}/readyz`, { method: 'GET' }).then(textOf, String), PATIENT)
    .toBe('{"status":"ready","problems":[]}');
}

/** What was recorded of the gateway as a whole. */
export async function eventsOf(workers: Workers): Promise<readonly string[]> {
  const events = (await workers.records()).flatMap(({ entry }) =>
    entry.type === 'system' ? [entry.event] : [],
  );
  return events.filter((event) => !event.startsWith('definitions.'));
}

/** Number of the worker that has a session. */
export function ownerOf(session: string): string | undefined {
  return /^ses-(\d+)\./.exec(session)?.[1];
}
