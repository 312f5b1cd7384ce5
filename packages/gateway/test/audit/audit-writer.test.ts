import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { AuditError, type AuditEntry, type CheckpointEntry } from '../../src/audit/index.ts';
import { AuditPlace, MemoryAnchors, appendCalls, callEntry, outcomeEntry } from './audit-place.ts';

async function rejection(promise: Promise<unknown>): Promise<AuditError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AuditError)) throw new Error('Expected an AuditError', { cause: error });
  return error;
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

describe.each(['os', 'disk'] as const)('AuditLog with sync %s', (sync) => {
  it('append() writes caller, tool, time and decision as one JSON line [S1-18] [S1-19]', async () => {
    await using place = await AuditPlace.create();
    await using log = await place.open({ sync });
    const entry = callEntry('call-1', {
      delegation: ['key:root'],
      arguments: { a: 1 },
      argumentsDigest: 'sha256:00',
    });
    await log.append(entry);
    const lines = await place.lines();
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[1] ?? '')).toStrictEqual({
      seq: 2,
      prev: (JSON.parse(lines[0] ?? '') as { hash: string }).hash,
      entry,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it.each<[string, (place: AuditPlace) => Promise<void>]>([
    ['file was removed', async (place) => await rm(place.path('gateway', '00000001.jsonl'))],
    ['folder was moved away', async (place) => await rename(place.path('gateway'), place.path('elsewhere'))],
    [
      'file was replaced',
      async (place) => {
        const file = place.path('gateway', '00000001.jsonl');
        const text = await readFile(file);
        await rm(file);
        await writeFile(file, text);
      },
    ],
  ])('append() refuses when the %s, since the record would be lost with it', async (_what, disturb) => {
    await using place = await AuditPlace.create();
    await using log = await place.open({ sync });
    await log.append(callEntry('call-1'));
    await disturb(place);
    expect((await rejection(log.append(callEntry('call-2')))).code).toBe('AUDIT_UNWRITABLE');
    expect((await rejection(log.append(callEntry('call-3')))).code).toBe('AUDIT_UNWRITABLE');
  });

  it('chains every line by the hash of its bytes, from a beginning that names the writer', async () => {
    await using place = await AuditPlace.create();
    await using log = await place.open({ sync });
    await appendCalls(log, 3);
    let previous = sha256('smcp/audit/genesis/v1\ngateway');
    for (const [index, line] of (await place.lines()).entries()) {
      const [, body = '', hash = ''] = /^(.*),"hash":"([0-9a-f]{64})"\}$/.exec(line) ?? [];
      expect(body.startsWith(`{"seq":${index + 1},"prev":"${previous}","entry":{`)).toBe(true);
      expect(hash).toBe(sha256(body));
      previous = hash;
    }
  });

  it('keeps the order of appends, within a turn and across turns', async () => {
    await using place = await AuditPlace.create();
    await using log = await place.open({ sync });
    const appended: Promise<void>[] = [];
    for (let index = 0; index < 300; index++) {
      appended.push(log.append(callEntry(`call-${index}`)));
      if (index % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(appended);
    const calls = (await place.read()).map(({ entry }) => ('call' in entry ? entry.call : entry.type));
    expect(calls).toEqual(['checkpoint', ...Array.from({ length: 300 }, (_, index) => `call-${index}`)]);
    expect((await place.verify()).ok).toBe(true);
  });

  it('reads the entry before it returns', async () => {
    await using place = await AuditPlace.create();
    await using log = await place.open({ sync });
    const shared = { owner: 'acme' };
    const appended = log.append(callEntry('call-1', { arguments: shared }));
    shared.owner = 'changed';
    await appended;
    expect((await place.read({ type: 'call' }))[0]?.entry).toMatchObject({ arguments: { owner: 'acme' } });
  });

  it('signs a checkpoint at the start, after so many records and at the end', async () => {
    await using place = await AuditPlace.create();
    const log = await place.open({ sync, checkpointRecords: 3 });
    await appendCalls(log, 7);
    await log[Symbol.asyncDispose]();
    const types = (await place.read()).map(({ entry }) => (entry.type === 'checkpoint' ? 'C' : 'r')).join('');
    expect(types).toBe('CrrrCrrrCrC');
    expect(await place.verify()).toMatchObject({
      ok: true,
      writers: [{ checkpoints: 4, records: 11, signedThrough: 10 }],
    });
  });

  it('signs a checkpoint amid a batch', async () => {
    await using place = await AuditPlace.create();
    await using log = await place.open({ sync, checkpointRecords: 4 });
    await Promise.all(Array.from({ length: 10 }, (_, index) => log.append(callEntry(`call-${index}`))));
    const types = (await place.read()).map(({ entry }) => (entry.type === 'checkpoint' ? 'C' : 'r')).join('');
    expect(types).toBe('CrrrrCrrrrCrr');
  });

  it('puts the newest checkpoint as anchor into the store, from the start on', async () => {
    await using place = await AuditPlace.create();
    const log = await place.open({ sync, checkpointRecords: 2 });
    const genesis = sha256('smcp/audit/genesis/v1\ngateway');
    const [first] = await place.read();
    expect(place.anchors.puts).toEqual([
      { writer: 'gateway', sequence: 1, hash: first?.hash, prunedSequence: 0, prunedHash: genesis },
    ]);
    await appendCalls(log, 4);
    await log[Symbol.asyncDispose]();
    const last = (await place.read()).at(-1);
    expect(await place.anchors.get('gateway')).toMatchObject({ sequence: 7, hash: last?.hash });
    const sequences = place.anchors.puts.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.toSorted((one, other) => one - other));
  });

  it('goes on after a close without a break in the chain', async () => {
    await using place = await AuditPlace.create();
    for (let round = 0; round < 3; round++) {
      await using log = await place.open({ sync });
      await appendCalls(log, 2, `round-${round}`);
    }
    const verdict = await place.verify();
    expect(verdict.ok).toBe(true);
    expect(verdict.writers[0]?.records).toBe(10);
    expect((await place.read()).some(({ entry }) => entry.type === 'system')).toBe(false);
  });

  it('adds nothing when opened and closed', async () => {
    await using place = await AuditPlace.create();
    await (await place.open({ sync }))[Symbol.asyncDispose]();
    const before = await place.lines();
    await (await place.open({ sync }))[Symbol.asyncDispose]();
    expect(await place.lines()).toEqual(before);
  });

  it('begins a new file when one is full, with a checkpoint at its end', async () => {
    await using place = await AuditPlace.create();
    const log = await place.open({ sync, segmentBytes: 2000 });
    await appendCalls(log, 20);
    await log[Symbol.asyncDispose]();
    const files = await place.segments();
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const last = JSON.parse((await place.lines(file)).at(-1) ?? '') as { entry: CheckpointEntry };
      expect(last.entry.type).toBe('checkpoint');
    }
    const verdict = await place.verify();
    expect(verdict).toMatchObject({ ok: true, writers: [{ segments: files.length }] });
    expect((await place.read({ type: 'call' })).length).toBe(20);
  });

  it('begins a new file when a full one is opened', async () => {
    await using place = await AuditPlace.create();
    const first = await place.open({ sync });
    await appendCalls(first, 5);
    await first[Symbol.asyncDispose]();
    await using second = await place.open({ sync, segmentBytes: 1024 });
    await appendCalls(second, 1);
    expect(await place.segments()).toEqual(['00000001.jsonl', '00000002.jsonl']);
    expect((await place.verify()).ok).toBe(true);
  });

  it('waits for records under way when it is closed', async () => {
    await using place = await AuditPlace.create();
    const log = await place.open({ sync });
    const appended = Promise.all(
      Array.from({ length: 50 }, (_, index) => log.append(callEntry(`call-${index}`))),
    );
    await log[Symbol.asyncDispose]();
    await appended;
    expect((await place.read({ type: 'call' })).length).toBe(50);
    expect((await place.verify()).ok).toBe(true);
  });

  it('append() refuses after the log was closed, and closing twice is harmless', async () => {
    await using place = await AuditPlace.create();
    const log = await place.open({ sync });
    await Promise.all([log[Symbol.asyncDispose](), log[Symbol.asyncDispose]()]);
    expect((await rejection(log.append(callEntry('late')))).code).toBe('AUDIT_CLOSED');
    expect((await place.read({ type: 'call' })).length).toBe(0);
  });

  it('goes on when the store is away, and anchors again with the next checkpoint', async () => {
    await using place = await AuditPlace.create();
    const log = await place.open({ sync, checkpointRecords: 2 });
    place.anchors.failing = true;
    await appendCalls(log, 2);
    await expect.poll(() => place.errors.length).toBe(1);
    expect(place.errors[0]).toMatchObject({ code: 'AUDIT_UPKEEP', cause: new Error('The store is away') });
    place.anchors.failing = false;
    await appendCalls(log, 2);
    await expect.poll(async () => (await place.anchors.get('gateway'))?.sequence).toBe(7);
    await log[Symbol.asyncDispose]();
    expect((await place.verify()).ok).toBe(true);
  });

  it('tries once more to anchor when it is closed', async () => {
    await using place = await AuditPlace.create();
    const log = await place.open({ sync, checkpointRecords: 2 });
    place.anchors.failing = true;
    await appendCalls(log, 2);
    await expect.poll(() => place.errors.length).toBe(1);
    place.anchors.failing = false;
    await log[Symbol.asyncDispose]();
    expect((await place.anchors.get('gateway'))?.sequence).toBe(4);
  });

  it('is not disturbed by a listener that throws', async () => {
    await using place = await AuditPlace.create();
    place.anchors.failing = true;
    await using log = await place.open(
      { sync },
      {
        onError: () => {
          throw new Error('listener');
        },
      },
    );
    await appendCalls(log, 1);
    expect((await place.read({ type: 'call' })).length).toBe(1);
  });

  it('goes on in the present file when no new one can be made', async () => {
    await using place = await AuditPlace.create();
    await using log = await place.open({ sync, segmentBytes: 2000 });
    await mkdir(place.path('gateway', '00000002.jsonl'));
    await appendCalls(log, 10);
    expect(place.errors.map(({ code }) => code)).toContain('AUDIT_UPKEEP');
    expect((await place.read({ type: 'call' })).length).toBe(10);
    expect((await place.verify()).ok).toBe(true);
  });
});

describe('AuditLog: one record stays one line', () => {
  const hostile: [string, string][] = [
    ['line feed', 'a\nb'],
    ['carriage return', 'a\r\nb'],
    ['line separator', 'a\u2028b\u2029c\u0085d'],
    ['JSON fragment', '"},"hash":"00"}\n{"seq":9,"prev":"x","entry":{"type":"call"}}'],
    ['a whole forged line', `{"seq":3,"prev":"${'0'.repeat(64)}","entry":{},"hash":"${'0'.repeat(64)}"}`],
    ['terminal escapes', '\u001b[2J\u001b]0;x\u0007'],
    ['NUL and backspace', 'a\u0000b\bc\u007f'],
    ['half a surrogate pair', 'a\ud800b'],
    ['backslashes', '\\n\\u000a\\'],
    ['emoji and right-to-left marks', '💥\u202eevil'],
  ];

  it.each(hostile)('append() encodes %s in any field [A95]', async (_, text) => {
    await using place = await AuditPlace.create();
    await using log = await place.open();
    const entries: AuditEntry[] = [
      callEntry(text, {
        principal: text,
        door: text,
        server: text,
        name: text,
        arguments: { [text]: [text] },
        delegation: [text],
        decision: { effect: 'allow', rule: text, source: null, reasons: [text] },
      }),
      outcomeEntry(text, { error: text }),
      { time: '2026-08-01T00:00:00.000Z', type: 'auth', source: text, code: text, hint: text },
      { time: '2026-08-01T00:00:00.000Z', type: 'system', event: text, detail: { [text]: text } },
    ];
    await Promise.all(entries.map((entry) => log.append(entry)));
    const content = await readFile(place.path('gateway', '00000001.jsonl'), 'latin1');
    expect(content.split('\n')).toHaveLength(1 + entries.length + 1);
    const recorded = (await place.read()).slice(1).map(({ entry }) => entry);
    expect(recorded).toEqual(entries);
    expect((await place.verify()).ok).toBe(true);
  });
});

describe('AuditLog: bounds', () => {
  it('append() replaces arguments that are too large by a note with their digest', async () => {
    await using place = await AuditPlace.create();
    await using log = await place.open();
    await log.append(
      callEntry('big', { arguments: { body: 'x'.repeat(300_000) }, argumentsDigest: 'sha256:abc' }),
    );
    await log.append(callEntry('euro', { arguments: '€'.repeat(90_000) }));
    const [big, euro] = (await place.read({ type: 'call' })).map(({ entry }) => entry);
    expect(big).toMatchObject({
      call: 'big',
      principal: 'key:alice',
      arguments: { note: 'left out: 300011 bytes', digest: 'sha256:abc' },
    });
    expect(euro).toMatchObject({
      arguments: { digest: `sha256:${sha256(JSON.stringify('€'.repeat(90_000)))}` },
    });
  });

  it('append() keeps an entry of exactly the largest size', async () => {
    await using place = await AuditPlace.create();
    await using log = await place.open();
    const overhead = JSON.stringify(callEntry('big', { arguments: '' })).length;
    const fitting = 'x'.repeat(256 * 1024 - overhead);
    await log.append(callEntry('big', { arguments: fitting }));
    await log.append(callEntry('big', { arguments: `${fitting}x` }));
    const recorded = (await place.read({ type: 'call' })).map(({ entry }) =>
      entry.type === 'call' ? entry.arguments : undefined,
    );
    expect(recorded[0]).toBe(fitting);
    expect(recorded[1]).toMatchObject({ note: expect.stringContaining('left out') });
  });

  it('append() shortens errors and details, but never who, what and the decision', async () => {
    await using place = await AuditPlace.create();
    await using log = await place.open();
    const time = '2026-08-01T00:00:00.000Z';
    const huge = 'x'.repeat(300_000);
    await log.append(outcomeEntry('a', { error: huge }));
    await log.append({ time, type: 'system', event: 'reload', detail: { huge } });
    expect((await rejection(log.append(callEntry(huge)))).code).toBe('AUDIT_TOO_LARGE');
    expect((await rejection(log.append({ time, type: 'auth', source: huge, code: 'x' }))).code).toBe(
      'AUDIT_TOO_LARGE',
    );
    expect((await place.read()).slice(1).map(({ entry }) => entry)).toMatchObject([
      { type: 'outcome', error: 'x'.repeat(4096) },
      { type: 'system', detail: { note: 'left out: 300011 bytes' } },
    ]);
  });

  it('append() replaces arguments that have no JSON form', async () => {
    await using place = await AuditPlace.create();
    await using log = await place.open();
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    let deep: unknown = 1;
    for (let index = 0; index < 100_000; index++) deep = [deep];
    for (const value of [cycle, deep, { big: 1n }]) await log.append(callEntry('odd', { arguments: value }));
    for (const { entry } of await place.read({ type: 'call' })) {
      expect(entry).toMatchObject({ arguments: { note: 'left out: no JSON form' } });
    }
    const broken = log.append(callEntry('odd', { decision: cycle as never }));
    expect((await rejection(broken)).code).toBe('AUDIT_INVALID');
    expect((await place.verify()).ok).toBe(true);
  });

  it('append() refuses rather than keep more than 64 MiB waiting', async () => {
    await using place = await AuditPlace.create();
    await using log = await place.open({ segmentBytes: 1024 * 1024 * 1024 });
    const big = callEntry('big', { arguments: 'x'.repeat(250_000) });
    const results = await Promise.allSettled(Array.from({ length: 300 }, () => log.append(big)));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ reason }) => (reason as AuditError).code === 'AUDIT_UNWRITABLE')).toBe(true);
    await log.append(callEntry('later'));
    const { ok, writers } = await place.verify();
    expect([ok, writers[0]?.records]).toEqual([true, 1 + 300 - refused.length + 1]);
  });
});

describe('openAuditLog()', () => {
  it('keeps its files from other users', async () => {
    await using place = await AuditPlace.create();
    await using log = await place.open({ segmentBytes: 1024 });
    await appendCalls(log, 5);
    expect((await stat(place.path('gateway'))).mode & 0o777).toBe(0o700);
    for (const file of await place.segments())
      expect((await stat(place.path('gateway', file))).mode & 0o777).toBe(0o600);
  });

  it('refuses a second writer of the same chain until the first is closed', async () => {
    await using place = await AuditPlace.create();
    const first = await place.open();
    const error = await rejection(place.open());
    expect(error.code).toBe('AUDIT_LOCKED');
    expect(error.message).toContain(place.path('gateway'));
    await first[Symbol.asyncDispose]();
    await using second = await place.open();
    await appendCalls(second, 1);
  });

  it('waits for the first writer to close', async () => {
    await using place = await AuditPlace.create();
    const first = await place.open();
    const second = place.open({}, { lockTimeoutMs: 10_000 });
    await first[Symbol.asyncDispose]();
    await using opened = await second;
    await appendCalls(opened, 1);
    expect((await place.verify()).ok).toBe(true);
  });

  it('lets writers of different chains work side by side', async () => {
    await using place = await AuditPlace.create();
    await using gateway = await place.open();
    await using cli = await place.open({}, { writer: 'cli' });
    await Promise.all([appendCalls(gateway, 3, 'a'), appendCalls(cli, 3, 'b')]);
    expect((await place.verify()).writers.map(({ writer, records }) => [writer, records])).toEqual([
      ['cli', 4],
      ['gateway', 4],
    ]);
  });

  it('gives the lock back when opening fails', async () => {
    await using place = await AuditPlace.create();
    const anchors = new MemoryAnchors();
    anchors.get = () => Promise.reject(new Error('The store is away'));
    await expect(place.open({}, { store: { audit: anchors } })).rejects.toThrow('The store is away');
    await using log = await place.open();
    await appendCalls(log, 1);
  });

  it('refuses a folder that cannot be made or written', async () => {
    await using place = await AuditPlace.create();
    await writeFile(place.path('file'), '');
    const error = await rejection(place.open({}, { directory: place.path('file') }));
    expect(error.code).toBe('AUDIT_UNWRITABLE');
    await mkdir(place.path('gateway', '00000001.jsonl', 'x'), { recursive: true });
    await mkdir(place.path('gateway', 'lock'));
    expect((await rejection(place.open())).code).toBe('AUDIT_UNWRITABLE');
  });

  it.each(['', '..', 'a/b', '.hidden', 'ä', 'a'.repeat(65), 'a\u0000'])(
    'refuses the writer name %j',
    async (writer) => {
      await using place = await AuditPlace.create();
      await expect(place.open({}, { writer })).rejects.toThrow(RangeError);
      expect(await readdir(place.directory)).toEqual([]);
    },
  );

  it.each([
    { segmentBytes: 0 },
    { segmentBytes: Number.NaN },
    { segmentBytes: 1.5 },
    { checkpointRecords: 0 },
    { checkpointRecords: Infinity },
    { retentionDays: 0 },
    { retentionDays: -1 },
  ])('refuses the settings %j', async (settings) => {
    await using place = await AuditPlace.create();
    await expect(place.open(settings)).rejects.toThrow(RangeError);
  });
});
