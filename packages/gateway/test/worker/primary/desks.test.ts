import { describe, expect, it } from 'vitest';
import { RefusalBudget } from '../../../src/gate/index.ts';
import { createLimiter } from '../../../src/limit/index.ts';
import { createLogger } from '../../../src/telemetry/index.ts';
import { LoginDesk } from '../../../src/worker/login/login-desk.ts';
import { createDesks } from '../../../src/worker/primary/desks.ts';
import { callEntry, outcomeEntry, TIME } from '../audit/entries.ts';

const CALL = { principalId: 'alice', tenant: 'acme', server: 'files', tool: 'read' };

function open(fails: () => boolean = () => false) {
  const written: string[] = [];
  const log: string[] = [];
  const appendSerialized = async (json: string): Promise<void> => {
    await Promise.resolve();
    if (fails()) throw new Error('The disk is full');
    written.push(json);
  };
  const limiter = createLimiter({
    settings: { principal: { concurrency: 1 }, servers: {} },
    clock: () => 0,
  });
  const desks = createDesks({
    audit: {
      appendSerialized,
      append: async (entry) => {
        await appendSerialized(JSON.stringify(entry));
      },
      [Symbol.asyncDispose]: async () => {
        await Promise.resolve();
      },
    },
    limiter,
    refusals: new RefusalBudget({ calls: '1/s' }, () => 0),
    logins: new LoginDesk({ calls: '1/h' }, () => 0),
    now: () => new Date(TIME),
    logger: createLogger({
      level: 'info',
      format: 'json',
      stream: { write: (line: string) => log.push(line), on: () => undefined },
      redact: (text) => text,
    }),
    problems: async () => await Promise.resolve([]),
    metrics: async () => await Promise.resolve('m 1\n'),
  });
  const handle = (name: string, body: unknown): unknown => desks.handlers[name]?.(body);
  return { desks, handle, written, log, limiter };
}

describe('createDesks()', () => {
  it('knows no other questions than these', () => {
    expect(Object.keys(open().desks.handlers).toSorted()).toEqual([
      'acquire',
      'append',
      'login',
      'mayTry',
      'metrics',
      'outcome',
      'problems',
      'release',
    ]);
  });

  it('answers each at its desk', async () => {
    const { handle, written } = open();
    await handle('append', { type: 'call', call: 'call-1.a', json: JSON.stringify(callEntry('call-1.a')) });
    handle('outcome', { type: 'outcome', call: 'call-1.a', json: JSON.stringify(outcomeEntry('call-1.a')) });
    await expect.poll(() => written.length).toBe(2);
    expect(handle('acquire', CALL)).toEqual({ ok: true, slot: 1 });
    expect(handle('acquire', CALL)).toMatchObject({ ok: false });
    expect(handle('release', { slot: 1 })).toBeUndefined();
    expect(handle('login', { source: 'a', credential: 'b', works: false })).toEqual({ waitSeconds: 0 });
    expect(handle('mayTry', { source: 'a', credential: 'b' })).toMatchObject({
      waitSeconds: expect.any(Number),
    });
    expect(await handle('problems', null)).toEqual([]);
    expect(await handle('metrics', null)).toEqual({ text: 'm 1\n' });
  });

  it('says when an outcome cannot be recorded', async () => {
    const { handle, log } = open(() => true);
    handle('outcome', { type: 'outcome', call: 'call-1.a', json: '{}' });
    await expect.poll(() => log.join('')).toContain('The disk is full');
  });

  it('abandon() settles the calls of the worker and frees its places', async () => {
    const { desks, handle, written, limiter } = open();
    await handle('append', { type: 'call', call: 'call-1.a', json: JSON.stringify(callEntry('call-1.a')) });
    handle('acquire', CALL);
    expect(await desks.abandon()).toBe(1);
    expect(written.at(-1)).toContain('"outcome":"unknown"');
    expect(limiter.acquire(CALL).ok).toBe(true);
  });

  it('abandon() frees the places also when nothing can be recorded', async () => {
    let fails = false;
    const { desks, handle, limiter } = open(() => fails);
    await handle('append', { type: 'call', call: 'call-1.a', json: JSON.stringify(callEntry('call-1.a')) });
    handle('acquire', CALL);
    fails = true;
    await expect(desks.abandon()).rejects.toThrow('The disk is full');
    expect(limiter.acquire(CALL).ok).toBe(true);
  });
});
