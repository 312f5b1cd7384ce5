import { describe, expect, it } from 'vitest';
import { AuditError, type AuditEntry, type SerializedAuditLog } from '../../../src/audit/index.ts';
import { RefusalBudget } from '../../../src/gate/index.ts';
import { AuditDesk } from '../../../src/worker/audit/audit-desk.ts';
import { callEntry, outcomeEntry, refusalEntry, TIME } from './entries.ts';

const UNWRITABLE = new AuditError('AUDIT_UNWRITABLE', 'The disk is full');
const BROKEN = expect.objectContaining({ code: 'CHANNEL_BROKEN' });

function createLog(
  fails: () => boolean = () => false,
): SerializedAuditLog & { readonly entries: AuditEntry[] } {
  const entries: AuditEntry[] = [];
  const appendSerialized = async (json: string): Promise<void> => {
    await Promise.resolve();
    if (fails()) {
      throw UNWRITABLE;
    }
    entries.push(JSON.parse(json) as AuditEntry);
  };
  return {
    entries,
    appendSerialized,
    append: async (entry) => {
      await appendSerialized(JSON.stringify(entry));
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.resolve();
    },
  };
}

function createDesk(
  audit: SerializedAuditLog,
  refusals = new RefusalBudget({ calls: '100/s' }, () => 0),
): AuditDesk {
  return new AuditDesk({ audit, refusals, now: () => new Date(TIME) });
}

const began = (call: string) => ({ type: 'call', call, json: JSON.stringify(callEntry(call)) });
const ended = (call: string) => ({ type: 'outcome', call, json: JSON.stringify(outcomeEntry(call)) });
const refused = (call: string, caller = 'acme alice') => ({
  type: 'refusal',
  caller,
  json: JSON.stringify(refusalEntry(call)),
});

describe('AuditDesk.append()', () => {
  it('writes entries as they came, and counts calls that have not ended', async () => {
    const log = createLog();
    const desk = createDesk(log);
    await desk.append(began('call-1.a'));
    await desk.append(began('call-1.b'));
    expect(desk.openCalls).toBe(2);
    await desk.append(ended('call-1.a'));
    expect(desk.openCalls).toBe(1);
    expect(log.entries).toEqual([callEntry('call-1.a'), callEntry('call-1.b'), outcomeEntry('call-1.a')]);
  });

  it('rejects when the entry cannot be written, and then the call is not open', async () => {
    const desk = createDesk(createLog(() => true));
    await expect(desk.append(began('call-1.a'))).rejects.toThrow(UNWRITABLE);
    await new Promise(setImmediate);
    expect(desk.openCalls).toBe(0);
  });

  it('takes a call as ended also when its outcome cannot be written', async () => {
    let fails = false;
    const desk = createDesk(createLog(() => fails));
    await desk.append(began('call-1.a'));
    fails = true;
    await expect(desk.append(ended('call-1.a'))).rejects.toThrow(UNWRITABLE);
    expect(desk.openCalls).toBe(0);
  });

  it('counts the refusals of one caller over all workers, and says how many were left out', async () => {
    let now = 0;
    const log = createLog();
    const refusals = new RefusalBudget({ calls: '2/s', burst: 2 }, () => now);
    const desks = [createDesk(log, refusals), createDesk(log, refusals)];
    for (let n = 0; n < 6; n += 1) {
      await desks[n % 2]?.append(refused(`call-1.${n}`));
    }
    expect(log.entries).toEqual([refusalEntry('call-1.0'), refusalEntry('call-1.1')]);
    now = 1000;
    await desks[1]?.append(refused('call-1.7'));
    expect(log.entries.at(-1)).toEqual({ ...refusalEntry('call-1.7'), unrecordedBefore: 4 });
    await desks[0]?.append(refused('call-1.8', 'acme bob'));
    expect(log.entries.at(-1)).toEqual(refusalEntry('call-1.8'));
  });

  it.each([
    null,
    'x',
    {},
    { type: 'call' },
    { type: 'checkpoint', json: '{}' },
    { type: 'call', json: 1 },
    { type: 'call', call: 7, json: '{}' },
    { type: 'refusal', caller: {}, json: '{}' },
    { type: 'system', json: '' },
    { type: 'system', json: '[]' },
    { type: 'system', json: '{}{}\n{}' },
    { type: 'system', json: '{"a":1}\n{"seq":1}' },
  ])('refuses %j', (body) => {
    const log = createLog();
    expect(() => createDesk(log).append(body)).toThrow(BROKEN);
    expect(log.entries).toEqual([]);
  });
});

describe('AuditDesk.abandon()', () => {
  it('records that nobody knows the outcome of open calls, once', async () => {
    const log = createLog();
    const desk = createDesk(log);
    await desk.append(began('call-1.a'));
    await desk.append(began('call-1.b'));
    await desk.append(ended('call-1.a'));
    expect(await desk.abandon()).toBe(1);
    expect(log.entries.slice(3)).toEqual([
      {
        type: 'outcome',
        time: TIME,
        call: 'call-1.b',
        outcome: 'unknown',
        upstreamMicros: 0,
        error: 'The worker process that made the call ended',
      },
    ]);
    expect(await desk.abandon()).toBe(0);
  });

  it('waits for what is being written, and leaves out what is not', async () => {
    let fails = false;
    const log = createLog(() => fails);
    const desk = createDesk(log);
    const first = desk.append(began('call-1.a'));
    await first;
    fails = true;
    const second = desk.append(began('call-1.b'));
    const abandoned = Promise.allSettled([second, desk.abandon()]);
    await second.catch(() => undefined);
    fails = false;
    expect(await abandoned).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: 1 }]);
    expect(log.entries.map((entry) => entry.type)).toEqual(['call', 'outcome']);
  });

  it('rejects when the outcomes cannot be recorded', async () => {
    let fails = false;
    const desk = createDesk(createLog(() => fails));
    await desk.append(began('call-1.a'));
    fails = true;
    await expect(desk.abandon()).rejects.toThrow(UNWRITABLE);
  });
});
