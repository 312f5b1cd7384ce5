import { describe, expect, it } from 'vitest';
import type { SoakFigures } from '../../soak/figures.ts';
import { checkPromises } from '../../soak/promises.ts';
import { soakTables } from '../../soak/report.ts';

const MIB = 1024 * 1024;
const series = (perMinute: number) => ({ first: 100, last: 100, most: 100, perMinute });

const GOOD: SoakFigures = {
  options: { minutes: 10, seed: 1, clients: ['v1'], upstreams: ['stdio'] },
  seconds: 610,
  calls: {
    made: 10,
    answered: 8,
    vanished: 1,
    failed: 1,
    errors: { '50201': 1 },
    lost: [],
    executed: 9,
    executedTwice: [],
    answeredNotExecuted: [],
    executedNotMade: [],
    failedExecuted: 0,
  },
  workers: [
    { kind: 'v1', lives: 3, answered: 8, vanished: 1, abandoned: 1, failedOpenings: { 'HTTP 503': 2 } },
  ],
  executed: { stdio: 9 },
  kills: { stdio: 4 },
  gatewayEndedWell: true,
  warmUpMinutes: 2,
  trends: { residentBytes: series(0), handles: series(0), processes: series(0) },
  samples: [],
  leftOver: 0,
  audit: { ok: true, records: 20, said: '' },
};

const broken = (change: Partial<SoakFigures>): readonly string[] =>
  checkPromises({ ...GOOD, ...change }).flatMap(({ promise, kept }) => (kept === false ? [promise] : []));

describe('checkPromises()', () => {
  it('finds all of them kept in a good run', () => {
    expect(checkPromises(GOOD).map(({ kept }) => kept)).toEqual(Array.from({ length: 12 }, () => true));
  });

  it.each<readonly [string, Partial<SoakFigures>, string]>([
    ['a lost call', { calls: { ...GOOD.calls, lost: ['a'] } }, 'Every call got an answer or an error'],
    [
      'a call carried out twice',
      { calls: { ...GOOD.calls, executedTwice: ['a'] } },
      'No call was carried out twice',
    ],
    [
      'an answer from nowhere',
      { calls: { ...GOOD.calls, answeredNotExecuted: ['a'] } },
      'No answer without the work',
    ],
    ['work from nowhere', { calls: { ...GOOD.calls, executedNotMade: ['a'] } }, 'No work without a call'],
    [
      'a kind of client that got no answer',
      { options: { ...GOOD.options, clients: ['v1', 'raw'] } },
      'Clients of every kind were answered',
    ],
    ['a server without work', { executed: {} }, 'Every server carried calls out'],
    ['a gateway that ended', { gatewayEndedWell: false }, 'The gateway ran until it was asked to end'],
    ['a process left over', { leftOver: 1 }, 'No process is left over'],
    [
      'a broken chain',
      { audit: { ok: false, records: 20, said: 'record 3 was changed' } },
      'The audit log is whole, with a record of every call that was carried out',
    ],
    [
      'fewer records than calls that were carried out',
      { audit: { ok: true, records: 8, said: '' } },
      'The audit log is whole, with a record of every call that was carried out',
    ],
    [
      'memory that grows',
      { trends: { ...GOOD.trends!, residentBytes: series(1.6 * MIB) } },
      'Bytes of resident memory grow by at most 1,572,864 a minute',
    ],
    [
      'handles that grow',
      { trends: { ...GOOD.trends!, handles: series(2.1) } },
      'Open handles grow by at most 2 a minute',
    ],
    [
      'processes that grow',
      { trends: { ...GOOD.trends!, processes: series(0.2) } },
      'Processes grow by at most 0.1 a minute',
    ],
  ])('finds the one that %s breaks', (_what, change, promise) => {
    expect(broken(change)).toEqual([promise]);
  });

  it('takes a slope that was not measured for broken', () => {
    expect(broken({ trends: undefined })).toHaveLength(3);
    expect(broken({ trends: { ...GOOD.trends!, handles: series(Number.NaN) } })).toHaveLength(1);
  });

  it('takes growth at the bound, and shrinking, for flat', () => {
    const trends = { residentBytes: series(1.5 * MIB), handles: series(-9), processes: series(0.1) };
    expect(broken({ trends })).toEqual([]);
  });

  it('does not judge trends of a short run', () => {
    const trends = { residentBytes: series(99 * MIB), handles: series(99), processes: series(99) };
    const short = { trends, options: { ...GOOD.options, minutes: 6 }, warmUpMinutes: 1.2 };
    expect(broken(short)).toEqual([]);
    expect(checkPromises({ ...GOOD, ...short }).filter(({ kept }) => kept === undefined)).toHaveLength(3);
  });
});

describe('soakTables()', () => {
  it('shows calls, clients, trends and promises', () => {
    const tables = soakTables(GOOD, checkPromises(GOOD));
    const rows = tables.flatMap((table) => table.rows);
    expect(rows).toContainEqual(['error 50201', '1']);
    expect(rows).toContainEqual(['kills of stdio', '4']);
    expect(rows).toContainEqual(['v1', '1', '3', '1', '1', '2']);
    expect(rows).toContainEqual(['open handles', '100', '100', '100', '0.00']);
    expect(rows).toContainEqual(['No process is left over', 'yes', '0']);
  });

  it('says in capitals what is broken', () => {
    const figures = { ...GOOD, leftOver: 2 };
    const rows = soakTables(figures, checkPromises(figures)).flatMap((table) => table.rows);
    expect(rows).toContainEqual(['No process is left over', 'BROKEN', '2']);
  });
});
