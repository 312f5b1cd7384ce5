import { appendFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  joinCalls,
  toExportLine,
  type AuditEntry,
  type AuditLog,
  type AuditRecord,
  type CallSummary,
  type RefusalEntry,
} from '../../src/audit/index.ts';
import { AuditPlace, callEntry, collect, outcomeEntry } from './audit-place.ts';

const time = (second: number): string => `2026-08-01T00:00:${String(second).padStart(2, '0')}.000Z`;

function refusalEntry(call: string, more: Partial<RefusalEntry> = {}): RefusalEntry {
  const { type: _, ...facts } = callEntry(call);
  return {
    ...facts,
    type: 'refusal',
    code: 'DENIED',
    decision: { effect: 'deny', rule: 'roles.intern.deny[0]', source: null, reasons: ['no'] },
    ...more,
  };
}

const ENTRIES: readonly AuditEntry[] = [
  { time: time(0), type: 'system', event: 'start' },
  callEntry('a', { time: time(1) }),
  callEntry('b', {
    time: time(2),
    principal: 'agent:bot',
    server: 'slack',
    name: 'read_channel',
    delegation: ['key:alice'],
  }),
  outcomeEntry('b', {
    time: time(3),
    outcome: 'tool_error',
    upstreamMicros: 5,
    resultBytes: 7,
    error: 'no such channel',
  }),
  refusalEntry('c', { time: time(4), name: 'push_files' }),
  { time: time(5), type: 'auth', source: '127.0.0.1', code: 'AUTH_EXPIRED', hint: 'smcp_key_abcd' },
  outcomeEntry('a', { time: time(6), upstreamMicros: 9 }),
  callEntry('d', { time: time(7) }),
];

async function makeLog(entries: readonly AuditEntry[] = ENTRIES): Promise<AuditPlace> {
  const place = await AuditPlace.create();
  await using log = await place.open({ segmentBytes: 1200 });
  for (const entry of entries) {
    place.nowMs = Date.parse(entry.time);
    await log.append(entry);
  }
  return place;
}

/** `type:call`, or the type alone. */
const names = (records: readonly AuditRecord[]): string[] =>
  records
    .map(({ entry }) => ('call' in entry ? `${entry.type}:${entry.call}` : entry.type))
    .filter((name) => name !== 'checkpoint');

describe('readAudit()', () => {
  it('gives every record in order, with its place in the chain', async () => {
    await using place = await makeLog();
    const records = await place.read();
    expect(records.map(({ entry }) => entry).filter(({ type }) => type !== 'checkpoint')).toEqual(ENTRIES);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
    expect(records.every(({ writer }) => writer === 'gateway')).toBe(true);
  });

  it('gives the same records last first', async () => {
    await using place = await makeLog();
    expect(await place.read({ newestFirst: true })).toEqual((await place.read()).toReversed());
  });

  const filters: [string, Parameters<AuditPlace['read']>[0], string[]][] = [
    ['type', { type: 'auth' }, ['auth']],
    ['type and limit', { type: 'call', limit: 2 }, ['call:a', 'call:b']],
    ['call', { call: 'a' }, ['call:a', 'outcome:a']],
    ['principal', { principal: 'agent:bot' }, ['call:b', 'outcome:b']],
    ['server', { server: 'slack' }, ['call:b', 'outcome:b']],
    ['tool', { tool: 'create_issue' }, ['call:a', 'outcome:a', 'call:d']],
    ['effect deny', { effect: 'deny' }, ['refusal:c']],
    [
      'effect allow, with each outcome',
      { effect: 'allow' },
      ['call:a', 'call:b', 'outcome:b', 'outcome:a', 'call:d'],
    ],
    ['several at once', { effect: 'allow', principal: 'key:alice', server: 'slack' }, []],
    ['nobody', { principal: 'key:' }, []],
    ['since', { since: time(6) }, ['outcome:a', 'call:d']],
    ['until', { until: time(1), type: 'system' }, ['system']],
    ['since and until', { since: time(3), until: time(5) }, ['outcome:b', 'refusal:c']],
    ['a moment with another offset', { since: '2026-08-01T02:00:07+02:00', type: 'call' }, ['call:d']],
    ['limit', { limit: 0 }, []],
    [
      'limit, counting calls and not their outcomes',
      { effect: 'allow', limit: 2 },
      ['call:a', 'call:b', 'outcome:b', 'outcome:a'],
    ],
    [
      'limit, last first',
      { effect: 'allow', limit: 2, newestFirst: true },
      ['call:d', 'outcome:b', 'call:b'],
    ],
    ['server, last first', { server: 'slack', newestFirst: true }, ['outcome:b', 'call:b']],
    [
      'a call within the time whose outcome is later',
      { tool: 'create_issue', until: time(2) },
      ['call:a', 'outcome:a'],
    ],
  ];
  it.each(filters)('filters by %s', async (_, filter, expected) => {
    await using place = await makeLog();
    expect(names(await place.read(filter))).toEqual(expected);
  });

  it.each([{ since: 'yesterday' }, { until: '' }, { limit: -1 }, { limit: Number.NaN }])(
    'refuses %j',
    async (filter) => {
      await using place = await makeLog();
      await expect(place.read(filter)).rejects.toThrow(RangeError);
    },
  );

  it('joins several writers by time, both ways', async () => {
    await using place = await AuditPlace.create();
    const open: AuditLog[] = [
      await place.open({}, { writer: 'one' }),
      await place.open({}, { writer: 'two' }),
    ];
    for (let second = 0; second < 30; second++) {
      place.nowMs = Date.parse(time(second));
      await open[second % 3 === 0 ? 0 : 1]?.append(callEntry(`call-${second}`, { time: time(second) }));
    }
    for (const log of open) await log[Symbol.asyncDispose]();
    const expected = Array.from({ length: 30 }, (_, second) => `call:call-${second}`);
    expect(names(await place.read({ type: 'call' }))).toEqual(expected);
    expect(names(await place.read({ type: 'call', newestFirst: true }))).toEqual(expected.toReversed());
    expect(names(await place.read({ type: 'call', newestFirst: true, limit: 3 }))).toEqual(
      expected.toReversed().slice(0, 3),
    );
  });

  it('passes over what is no record, and a torn end, both ways', async () => {
    await using place = await makeLog();
    const [first = ''] = await place.segments();
    await writeFile(
      place.path('gateway', first),
      ['', 'text', '{"seq":1}', ...(await place.lines(first)), ''].join('\n'),
    );
    await appendFile(place.path('gateway', (await place.segments()).at(-1) ?? ''), '{"seq":99,"prev":"');
    expect(names(await place.read())).toHaveLength(ENTRIES.length);
    expect(names(await place.read({ newestFirst: true }))).toHaveLength(ENTRIES.length);
  });

  it('reads lines of every length across the borders of chunks, both ways', async () => {
    const sizes = [0, 1, 1000, 100_000, 200_000, 250_000, 3, 131_072, 262_000 - 600, 5, 220_000];
    await using place = await makeLog(
      sizes.map((size, index) =>
        callEntry(`${index}`, { time: time(index), arguments: 'é'.repeat(size / 2) }),
      ),
    );
    const read = await place.read({ type: 'call' });
    expect(read.map(({ entry }) => (entry.type === 'call' ? String(entry.arguments).length : -1))).toEqual(
      sizes.map((size) => Math.floor(size / 2)),
    );
    expect(await place.read({ type: 'call', newestFirst: true })).toEqual(read.toReversed());
  });

  it('may be left early', async () => {
    await using place = await makeLog();
    for (const newestFirst of [true, false]) {
      for (let round = 0; round < 20; round++)
        expect(await place.read({ limit: 1, newestFirst })).toHaveLength(1);
    }
  });

  it('gives nothing for a folder that does not exist', async () => {
    await using place = await AuditPlace.create();
    expect(await place.read()).toEqual([]);
  });
});

describe('joinCalls()', () => {
  const summaries = async (records: readonly AuditRecord[]): Promise<CallSummary[]> =>
    collect(joinCalls(records));

  it('gives who, tool, decision, latency, outcome and delegation chain of each call [S1-18] [S1-51]', async () => {
    await using place = await makeLog();
    const [a, b, c, d] = await summaries(await place.read());
    expect(b).toMatchObject({
      call: 'b',
      time: time(2),
      principal: 'agent:bot',
      delegation: ['key:alice'],
      door: 'mcp',
      server: 'slack',
      name: 'read_channel',
      decision: { effect: 'allow', rule: 'roles.dev.allow[0]', source: { commit: 'c0ffee' } },
      policyMicros: 37,
      upstreamMicros: 5,
      outcome: 'tool_error',
      resultBytes: 7,
      error: 'no such channel',
      writer: 'gateway',
    });
    expect(a).toMatchObject({ call: 'a', outcome: 'ok', upstreamMicros: 9 });
    expect(c).toMatchObject({
      call: 'c',
      outcome: 'refused',
      code: 'DENIED',
      decision: { effect: 'deny', reasons: ['no'] },
    });
    expect(d).toMatchObject({ call: 'd', outcome: 'open' });
    expect(d).not.toHaveProperty('upstreamMicros');
    expect(d).not.toHaveProperty('type');
  });

  it('says what a call asked and with which call it goes on', async () => {
    await using place = await makeLog();
    const records = (await place.read()).map((record): AuditRecord => {
      const { entry } = record;
      if (entry.type === 'call') return { ...record, entry: { ...entry, continues: 'z', approval: 'apr-1' } };
      const questions = { 'roots/list': { answered: 1 } };
      return entry.type === 'outcome' ? { ...record, entry: { ...entry, rounds: 2, questions } } : record;
    });
    const [a] = await summaries(records);
    const questions = { 'roots/list': { answered: 1 } };
    expect(a).toMatchObject({ call: 'a', continues: 'z', approval: 'apr-1', rounds: 2, questions });
  });

  it('keeps the order of calls, whichever way the records come', async () => {
    await using place = await makeLog();
    const calls = async (newestFirst: boolean): Promise<string[]> =>
      (await summaries(await place.read({ newestFirst }))).map(({ call, outcome }) => `${call} ${outcome}`);
    expect(await calls(false)).toEqual(['a ok', 'b tool_error', 'c refused', 'd open']);
    expect(await calls(true)).toEqual(['d open', 'c refused', 'b tool_error', 'a ok']);
  });

  it('passes over outcomes without a call', async () => {
    await using place = await makeLog([outcomeEntry('x'), callEntry('y'), outcomeEntry('y')]);
    expect((await summaries(await place.read())).map(({ call }) => call)).toEqual(['y']);
  });

  it('does not wait for ever for outcomes that never come', async () => {
    const record = (seq: number): AuditRecord => ({
      writer: 'w',
      seq,
      prev: '',
      hash: '',
      entry: callEntry(`call-${seq}`),
    });
    let read = 0;
    const endless = (function* () {
      for (;;) yield record(++read);
    })();
    const joined = joinCalls(endless);
    const first = await joined.next();
    await joined.return();
    expect(first.value).toMatchObject({ call: 'call-1', outcome: 'open' });
    expect(read).toBe(10_001);
  });
});

describe('toExportLine()', () => {
  it('gives one flat JSON object on one line [S1-19] [S1-51]', async () => {
    await using place = await makeLog();
    for (const record of await place.read()) {
      const line = toExportLine(record);
      const { writer, seq, hash, prev, entry } = record;
      expect(line).not.toContain('\n');
      expect(JSON.parse(line)).toEqual({ audit: { writer, seq, hash, prev }, ...entry });
    }
  });
});
