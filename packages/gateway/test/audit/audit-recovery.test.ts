import { appendFile, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { AuditPlace, appendCalls, callEntry } from './audit-place.ts';

const FILE = '00000001.jsonl';

/** Two calls, then as a killed process leaves it: without the checkpoint of an orderly close. */
async function makeInterrupted(place: AuditPlace, calls = 2): Promise<string[]> {
  const log = await place.open();
  await appendCalls(log, calls);
  const anchor = await place.anchors.get('gateway');
  const lines = await place.lines();
  await log[Symbol.asyncDispose]();
  await place.writeLines(lines);
  if (anchor !== undefined) place.anchors.anchors.set('gateway', anchor);
  return lines;
}

async function reopen(place: AuditPlace): Promise<void> {
  await using log = await place.open();
  await log.append(callEntry('after'));
}

const systemEntries = async (place: AuditPlace): Promise<unknown[]> =>
  (await place.read({ type: 'system' })).map(({ entry }) => entry);

describe('openAuditLog() after an interruption', () => {
  it('goes on silently after whole lines, and signs them', async () => {
    await using place = await AuditPlace.create();
    await makeInterrupted(place);
    await reopen(place);
    expect(await systemEntries(place)).toEqual([]);
    expect(await place.verify()).toMatchObject({ ok: true, writers: [{ records: 6, checkpoints: 3 }] });
    expect(await readdir(place.path('gateway'))).not.toContain('00000001.torn');
  });

  it('cuts an unfinished line at every length, keeps it aside and says so', async () => {
    for (const kept of [1, 2, 40, 200, 'all but newline'] as const) {
      await using place = await AuditPlace.create();
      const lines = await makeInterrupted(place, 3);
      const torn = lines.at(-1) ?? '';
      const length = kept === 'all but newline' ? torn.length : kept;
      await writeFile(
        place.path('gateway', FILE),
        `${lines.slice(0, -1).join('\n')}\n${torn.slice(0, length)}`,
      );
      await reopen(place);
      expect(await readFile(place.path('gateway', '00000001.torn'), 'utf8')).toBe(torn.slice(0, length));
      expect((await stat(place.path('gateway', '00000001.torn'))).mode & 0o777).toBe(0o600);
      expect(await systemEntries(place)).toMatchObject([
        {
          event: 'audit.recovered',
          detail: { tornBytes: length, damagedLines: 0, lostRecords: 0, file: FILE },
        },
      ]);
      expect((await place.verify()).ok).toBe(true);
      expect(
        (await place.read({ type: 'call' })).map(({ entry }) => ('call' in entry ? entry.call : '')),
      ).toEqual(['call-0', 'call-1', 'after']);
    }
  });

  it('cuts zero bytes as a power loss leaves them', async () => {
    await using place = await AuditPlace.create();
    await makeInterrupted(place);
    await appendFile(place.path('gateway', FILE), Buffer.alloc(700_000));
    await reopen(place);
    expect(await systemEntries(place)).toMatchObject([
      { event: 'audit.recovered', detail: { tornBytes: 700_000 } },
    ]);
    expect((await place.verify()).ok).toBe(true);
  });

  it('keeps the rest of several interruptions one after the other', async () => {
    await using place = await AuditPlace.create();
    await makeInterrupted(place);
    await appendFile(place.path('gateway', FILE), '{"first');
    await reopen(place);
    await appendFile(place.path('gateway', FILE), '{"second');
    await reopen(place);
    expect(await readFile(place.path('gateway', '00000001.torn'), 'utf8')).toBe('{"first{"second');
    expect((await place.verify()).ok).toBe(true);
  });

  it('goes on from the file before when the newest is empty', async () => {
    await using place = await AuditPlace.create();
    await makeInterrupted(place);
    await writeFile(place.path('gateway', '00000002.jsonl'), '');
    await reopen(place);
    expect(await place.segments()).toEqual([FILE, '00000002.jsonl']);
    expect(await place.lines('00000002.jsonl')).toHaveLength(3);
    expect(await place.verify()).toMatchObject({ ok: true, writers: [{ records: 6 }] });
  });

  it('goes on from the file before when the newest holds an unfinished line only', async () => {
    await using place = await AuditPlace.create();
    await makeInterrupted(place);
    await writeFile(place.path('gateway', '00000002.jsonl'), '{"seq":');
    await reopen(place);
    expect(await systemEntries(place)).toMatchObject([
      { event: 'audit.recovered', detail: { file: '00000002.jsonl' } },
    ]);
    expect((await place.verify()).ok).toBe(true);
  });

  it('signs an empty first file', async () => {
    await using place = await AuditPlace.create();
    const log = await place.open();
    await log[Symbol.asyncDispose]();
    await truncate(place.path('gateway', FILE), 0);
    place.anchors.anchors.clear();
    await reopen(place);
    expect(await place.verify()).toMatchObject({ ok: true, writers: [{ records: 3 }] });
  });
});

describe('openAuditLog() after loss or change', () => {
  it('says that anchored records are gone, never reuses their numbers, and verify keeps finding it [A96]', async () => {
    await using place = await AuditPlace.create();
    const log = await place.open();
    await appendCalls(log, 5);
    await log[Symbol.asyncDispose]();
    await place.writeLines((await place.lines()).slice(0, 3));
    expect(await place.problemCodes()).toEqual(['CUT']);
    await reopen(place);
    expect(await systemEntries(place)).toMatchObject([
      {
        event: 'audit.damaged',
        detail: { lostRecords: 4, anchorProblem: 'record 7, which was anchored, is gone' },
      },
    ]);
    expect((await place.read()).map(({ seq }) => seq)).toEqual([1, 2, 3, 8, 9, 10, 11]);
    expect(await place.problemCodes()).toEqual(['DAMAGED', 'MISSING']);
    await reopen(place);
    expect(await place.problemCodes()).toEqual(['DAMAGED', 'MISSING']);
    expect(await systemEntries(place)).toHaveLength(1);
  });

  it('says that all files are gone', async () => {
    await using place = await AuditPlace.create();
    const log = await place.open();
    await appendCalls(log, 5);
    await log[Symbol.asyncDispose]();
    await rm(place.path('gateway', FILE));
    await reopen(place);
    expect(await systemEntries(place)).toMatchObject([
      { event: 'audit.damaged', detail: { lostRecords: 7 } },
    ]);
    expect(await place.problemCodes()).toEqual(['DAMAGED', 'MISSING']);
  });

  it('puts changed lines at the end aside and counts them as lost', async () => {
    await using place = await AuditPlace.create();
    const lines = await makeInterrupted(place, 4);
    const changed = lines.slice(-2).map((line) => line.replace('key:alice', 'key:mallo'));
    await place.writeLines([...lines.slice(0, -2), ...changed]);
    await reopen(place);
    expect(await readFile(place.path('gateway', '00000001.torn'), 'utf8')).toBe(`${changed.join('\n')}\n`);
    expect(await systemEntries(place)).toMatchObject([
      { event: 'audit.damaged', detail: { damagedLines: 2, lostRecords: 2 } },
    ]);
    expect(await place.problemCodes()).toEqual(['DAMAGED', 'MISSING']);
  });

  it('notices that records after the anchor were changed', async () => {
    await using place = await AuditPlace.create();
    const lines = await makeInterrupted(place, 4);
    await place.writeLines(
      lines.map((line, index) => (index === 2 ? line.replace('key:alice', 'key:mallo') : line)),
    );
    await reopen(place);
    expect(await systemEntries(place)).toMatchObject([
      { event: 'audit.damaged', detail: { anchorProblem: `${FILE} has a changed line` } },
    ]);
    expect(await place.problemCodes()).toEqual(['CHANGED', 'DAMAGED']);
  });

  it('notices that the anchored record was replaced before it signs anew', async () => {
    await using place = await AuditPlace.create();
    await makeInterrupted(place, 2);
    const anchor = await place.anchors.get('gateway');
    place.anchors.anchors.set('gateway', { ...anchor!, hash: '0'.repeat(64) });
    await reopen(place);
    expect(await systemEntries(place)).toMatchObject([
      { event: 'audit.damaged', detail: { anchorProblem: 'record 1 is not the one that was anchored' } },
    ]);
    expect(await place.problemCodes()).toEqual(['DAMAGED']);
  });

  it('goes on with an older anchor, as after failed attempts to store one', async () => {
    await using place = await AuditPlace.create();
    const log = await place.open({ checkpointRecords: 2, segmentBytes: 2000 });
    place.anchors.failing = true;
    await appendCalls(log, 20);
    await log[Symbol.asyncDispose]();
    place.anchors.failing = false;
    expect((await place.anchors.get('gateway'))?.sequence).toBe(1);
    await reopen(place);
    expect(await systemEntries(place)).toEqual([]);
    expect((await place.verify()).ok).toBe(true);
  });
});

describe('openAuditLog() with retention', () => {
  const DAY_MS = 24 * 60 * 60 * 1000;

  async function writeDays(place: AuditPlace, days: number, retentionDays?: number): Promise<void> {
    for (let day = 0; day < days; day++) {
      await using log = await place.open({
        segmentBytes: 1500,
        ...(retentionDays === undefined ? {} : { retentionDays }),
      });
      for (let index = 0; index < 4; index++) {
        await log.append(callEntry(`day-${day}-${index}`, { time: new Date(place.nowMs).toISOString() }));
      }
      place.nowMs += DAY_MS;
    }
  }

  it('removes whole files that are too old, and verify passes', async () => {
    await using place = await AuditPlace.create();
    await writeDays(place, 10, 3);
    const calls = (await place.read({ type: 'call' })).map(({ entry }) =>
      'call' in entry ? entry.call : '',
    );
    expect(calls).not.toContain('day-4-0');
    for (const day of [7, 8, 9])
      expect(calls).toEqual(expect.arrayContaining([0, 1, 2, 3].map((index) => `day-${day}-${index}`)));
    expect((await place.segments())[0]).not.toBe(FILE);
    const anchor = await place.anchors.get('gateway');
    expect(anchor?.prunedSequence).toBeGreaterThan(0);
    expect(await place.verify()).toMatchObject({ ok: true });
    expect(place.errors).toEqual([]);
  });

  it('keeps everything without retention', async () => {
    await using place = await AuditPlace.create();
    await writeDays(place, 10);
    expect((await place.read({ type: 'call' })).length).toBe(40);
  });

  it('never removes the newest file, however old', async () => {
    await using place = await AuditPlace.create();
    {
      await using log = await place.open();
      await appendCalls(log, 3);
    }
    place.nowMs += 1000 * DAY_MS;
    {
      await using log = await place.open({ retentionDays: 1 });
      await log.append(callEntry('after'));
    }
    expect((await place.read({ type: 'call' })).length).toBe(4);
  });

  it('removes nothing while the store cannot remember it', async () => {
    await using place = await AuditPlace.create();
    await writeDays(place, 4);
    const before = await place.segments();
    place.anchors.failing = true;
    {
      await using log = await place.open({ retentionDays: 1, segmentBytes: 1500 });
      await appendCalls(log, 4);
    }
    expect(await place.segments()).toEqual(expect.arrayContaining([...before]));
    expect(place.errors.some(({ message }) => message.startsWith('Old audit files'))).toBe(true);
  });

  it('finishes a removal that was interrupted, and verify passes meanwhile', async () => {
    await using place = await AuditPlace.create();
    await writeDays(place, 6);
    const [first = '', second = ''] = await place.segments();
    const given = JSON.parse((await place.lines(second)).at(-1) ?? '') as { seq: number; hash: string };
    const anchor = await place.anchors.get('gateway');
    place.anchors.anchors.set('gateway', { ...anchor!, prunedSequence: given.seq, prunedHash: given.hash });
    expect((await place.verify()).ok).toBe(true);
    {
      await using log = await place.open({ retentionDays: 1000, segmentBytes: 1500 });
      await appendCalls(log, 4);
    }
    expect(await place.segments()).not.toEqual(expect.arrayContaining([first]));
    expect((await place.verify()).ok).toBe(true);
    await rm(place.path('gateway', (await place.segments())[0] ?? ''));
    expect(await place.problemCodes()).toEqual(['MISSING']);
  });

  it('keeps a file whose age cannot be told', async () => {
    await using place = await AuditPlace.create();
    await writeDays(place, 6);
    await writeFile(place.path('gateway', FILE), 'overwritten\n');
    {
      await using log = await place.open({ retentionDays: 1, segmentBytes: 1500 });
      await appendCalls(log, 4);
    }
    expect(await place.segments()).toContain(FILE);
  });
});
