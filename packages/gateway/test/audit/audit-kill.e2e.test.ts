import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAuditLog, readAudit, verifyAudit, type AuditVerdict } from '../../src/audit/index.ts';
import { openHome, type Home } from '../../src/home/index.ts';
import { openStore } from '../../src/store/index.ts';
import { collect } from './audit-place.ts';

const CHILD = fileURLToPath(new URL('audit-child.ts', import.meta.url));

async function makeHome(): Promise<Home> {
  const path = await mkdtemp(join(tmpdir(), 'smcp-kill-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return openHome({ env: {}, home: path });
}

interface Running {
  readonly child: ChildProcess;
  /** Lines printed so far. */
  readonly lines: () => readonly string[];
  readonly until: (condition: (lines: readonly string[]) => boolean) => Promise<void>;
  readonly ended: Promise<unknown>;
}

function start(command: string, args: readonly string[]): Running {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  // The last piece may be half a line that was being printed.
  const lines = (): readonly string[] => output.split('\n').slice(0, -1);
  return {
    child,
    lines,
    until: async (condition) => {
      while (!condition(lines())) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`The child ended early:\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
    ended: once(child, 'close'),
  };
}

const acknowledged = (lines: readonly string[]): string[] =>
  lines.filter((line) => line.startsWith('ack ')).map((line) => line.slice(4));

/** Opens the log as the next start does, closes it, and verifies everything. */
async function reopenAndVerify(home: Home): Promise<AuditVerdict> {
  await using store = await openStore(undefined, home);
  const log = await openAuditLog({
    directory: home.file('audit'),
    writer: 'gateway',
    signingKey: home.auditSigningKey,
    store,
    clock: Date.now,
    settings: { sync: 'os', segmentBytes: 256 * 1024, checkpointRecords: 50 },
  });
  await log[Symbol.asyncDispose]();
  return await verifyAudit({ directory: home.file('audit'), store, publicKey: home.auditPublicKey });
}

async function recordedCalls(home: Home): Promise<ReadonlySet<string>> {
  const records = await collect(readAudit({ directory: home.file('audit'), filter: { type: 'call' } }));
  return new Set(records.map(({ entry }) => ('call' in entry ? entry.call : '')));
}

describe.each(['os', 'disk'])('AuditLog with sync %s and kill -9', (sync) => {
  it('keeps every acknowledged record, and verify passes after the next start [S1-18]', async () => {
    const home = await makeHome();
    const expected: string[] = [];
    for (const [round, count] of [30, 500, 1, 1777].entries()) {
      const running = start(process.execPath, [CHILD, home.path, sync, `round${round}`]);
      await running.until((lines) => lines.length >= count);
      running.child.kill('SIGKILL');
      await running.ended;
      expected.push(...acknowledged(running.lines()).map((number) => `round${round}-${number}`));
      const verdict = await reopenAndVerify(home);
      expect(verdict.writers.flatMap(({ problems }) => problems)).toEqual([]);
      expect(verdict.ok).toBe(true);
    }
    expect(expected.length).toBeGreaterThanOrEqual(30 + 500 + 1 + 1777);
    const recorded = await recordedCalls(home);
    expect(expected.filter((call) => !recorded.has(call))).toEqual([]);
  });
});

describe('AuditLog and the lock of a dead writer', () => {
  it('refuses while the other process lives and takes over the moment it is killed', async () => {
    const home = await makeHome();
    const running = start(process.execPath, [CHILD, home.path, 'os', 'held', '1']);
    await running.until((lines) => lines.length > 0);
    await using store = await openStore(undefined, home);
    const options = {
      directory: home.file('audit'),
      writer: 'gateway',
      signingKey: home.auditSigningKey,
      store,
      clock: Date.now,
      settings: { sync: 'os', segmentBytes: 1024 * 1024, checkpointRecords: 50 },
    } as const;
    await expect(openAuditLog({ ...options, lockTimeoutMs: 100 })).rejects.toMatchObject({
      code: 'AUDIT_LOCKED',
    });
    running.child.kill('SIGKILL');
    await using log = await openAuditLog({ ...options, lockTimeoutMs: 5000 });
    await log.append({ time: new Date().toISOString(), type: 'system', event: 'taken over' });
    await running.ended;
  });
});

// A limit on the size of files fails a write in the middle, as a full disk does, without one.
const LIMITER = 'prlimit';
const canLimit = process.platform === 'linux' && spawnSync(LIMITER, ['--version']).status === 0;

describe.skipIf(!canLimit).each(['os', 'disk'])('AuditLog with sync %s on a full disk', (sync) => {
  it('refuses records while there is no space, breaks no chain, and goes on when there is [A98]', async () => {
    const home = await makeHome();
    // Store and keys exist already, so that only the log meets the limit.
    await (await openStore(undefined, home))[Symbol.asyncDispose]();
    const limited = ['--fsize=150000:unlimited', process.execPath, CHILD, home.path, sync, 'full', '7'];
    const running = start(LIMITER, limited);
    await running.until((lines) => lines.filter((line) => line === 'no AUDIT_UNWRITABLE').length >= 10);
    const before = acknowledged(running.lines()).length;
    expect(before).toBeGreaterThan(20);
    expect(
      spawnSync(LIMITER, ['--pid', String(running.child.pid), '--fsize=unlimited:unlimited']).status,
    ).toBe(0);
    await running.until((lines) => acknowledged(lines).length > before + 100);
    running.child.stdin?.end();
    await running.ended;

    expect(running.child.exitCode).toBe(0);
    const lines = running.lines();
    expect(lines.every((line) => line.startsWith('ack ') || line === 'no AUDIT_UNWRITABLE')).toBe(true);
    const verdict = await reopenAndVerify(home);
    expect(verdict.writers.flatMap(({ problems, notes }) => [...problems, ...notes])).toEqual([]);
    const recorded = await recordedCalls(home);
    expect([...recorded].map((call) => call.slice('full-'.length)).sort()).toEqual(
      acknowledged(lines).sort(),
    );
  });
});
