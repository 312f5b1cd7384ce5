import { appendFile, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyAudit, type AuditProblemCode } from '../../src/audit/index.ts';
import { formatRecord, genesis, ifRecordLine, type ChainPosition } from '../../src/audit/record.ts';
import { createCheckpointSigner } from '../../src/audit/checkpoint.ts';
import { AuditPlace, appendCalls, callEntry } from './audit-place.ts';

/** Fourteen lines of `gateway`: a checkpoint after every four records, and at both ends. */
async function makeLog(): Promise<AuditPlace> {
  const place = await AuditPlace.create();
  const log = await place.open({ checkpointRecords: 4 });
  await appendCalls(log, 10);
  await log[Symbol.asyncDispose]();
  return place;
}

/** Lines with consistent hashes and links, as somebody makes them who knows the format but not the key. */
function rebuild(
  lines: readonly string[],
  start: ChainPosition,
  change: (entry: string, index: number) => string,
): string[] {
  let position = start;
  return lines.map((line, index) => {
    const [, entry = ''] = /"entry":(\{.*\}),"hash":"[0-9a-f]{64}"\}$/.exec(line) ?? [];
    const record = formatRecord(position, change(entry, index));
    position = record.position;
    return record.line.slice(0, -1);
  });
}

const swap = (text: string): string => text.replace('key:alice', 'key:mallo');
const at = <T>(list: readonly T[], index: number): T => list.at(index)!;

interface Manipulation {
  readonly what: string;
  readonly edit: (lines: string[], place: AuditPlace) => string[];
  readonly found: readonly AuditProblemCode[];
}

const ONE_FILE: readonly Manipulation[] = [
  { what: 'nothing', edit: (lines) => lines, found: [] },
  { what: 'a changed principal', edit: (lines) => lines.with(7, swap(at(lines, 7))), found: ['CHANGED'] },
  {
    what: 'a changed first line',
    edit: (lines) => lines.with(0, at(lines, 0).replace('2026', '2025')),
    found: ['BAD_SIGNATURE', 'CHANGED'],
  },
  {
    what: 'a changed record near the end',
    edit: (lines) => lines.with(12, swap(at(lines, 12))),
    found: ['CHANGED'],
  },
  {
    what: 'a space put into a line',
    edit: (lines) => lines.with(5, at(lines, 5).replace('"entry":{', '"entry":{ ')),
    found: ['CHANGED'],
  },
  {
    what: 'a changed number',
    edit: (lines) => lines.with(2, at(lines, 2).replace('"seq":3', '"seq":30')),
    found: ['CHANGED'],
  },
  {
    what: 'a changed hash',
    edit: (lines) => lines.with(9, at(lines, 9).replace(/[0-9a-f]{64}"\}$/, `${'0'.repeat(64)}"}`)),
    found: ['BAD_CHECKPOINT', 'BROKEN_CHAIN', 'CHANGED'],
  },
  {
    what: 'a changed record with its hash made right',
    edit: (lines) => {
      const before = ifRecordLine(Buffer.from(at(lines, 6)))!;
      return lines.with(7, at(rebuild([at(lines, 7)], before, swap), 0));
    },
    found: ['BROKEN_CHAIN'],
  },
  {
    what: 'a change with all later hashes made right',
    edit: (lines) =>
      rebuild(lines, genesis('gateway'), (entry, index) => (index === 2 ? swap(entry) : entry)),
    found: ['ANCHOR_MISMATCH', 'BAD_CHECKPOINT'],
  },
  {
    what: 'a change with all later hashes made right and all checkpoints replaced',
    edit: (lines) =>
      rebuild(lines, genesis('gateway'), (entry) =>
        swap(entry).replace('"checkpoint"', '"system","event":"x"'),
      ),
    found: ['ANCHOR_MISMATCH'],
  },
  {
    what: 'a rebuilt log signed with another key',
    edit: (lines) => {
      const signer = createCheckpointSigner('gateway', generateKeyPairSync('ed25519').privateKey);
      let last: ChainPosition = genesis('gateway');
      return lines.map((line) => {
        const parsed = ifRecordLine(Buffer.from(line))!;
        const entry = parsed.entry?.type === 'checkpoint' ? signer(last, parsed.entry.time) : parsed.entry;
        const record = formatRecord(last, swap(JSON.stringify(entry)));
        last = record.position;
        return record.line.slice(0, -1);
      });
    },
    found: ['ANCHOR_MISMATCH', 'FOREIGN_KEY'],
  },
  {
    what: 'a forged signature under the right key id',
    edit: (lines) => lines.with(13, at(lines, 13).replace(/"signature":"...../, '"signature":"AAAAA')),
    found: ['BAD_SIGNATURE', 'CHANGED'],
  },
  {
    what: 'a removed record before a checkpoint',
    edit: (lines) => lines.toSpliced(9, 1),
    found: ['BAD_CHECKPOINT', 'MISSING'],
  },
  { what: 'a removed record amid others', edit: (lines) => lines.toSpliced(2, 1), found: ['MISSING'] },
  { what: 'removed records', edit: (lines) => lines.toSpliced(6, 3), found: ['MISSING'] },
  { what: 'a removed first record', edit: (lines) => lines.slice(1), found: ['MISSING'] },
  {
    what: 'a removed checkpoint',
    edit: (lines) => lines.toSpliced(5, 1),
    found: ['MISSING'],
  },
  {
    what: 'two exchanged records',
    edit: (lines) => lines.with(2, at(lines, 3)).with(3, at(lines, 2)),
    found: ['REORDERED'],
  },
  {
    what: 'a record moved to the end',
    edit: (lines) => [...lines.toSpliced(2, 1), at(lines, 2)],
    found: ['REORDERED'],
  },
  {
    what: 'a record twice in a row',
    edit: (lines) => lines.toSpliced(3, 0, at(lines, 2)),
    found: ['DUPLICATED'],
  },
  { what: 'a record repeated at the end', edit: (lines) => [...lines, at(lines, 2)], found: ['DUPLICATED'] },
  {
    what: 'the whole log twice',
    edit: (lines) => [...lines, ...lines],
    found: ['BAD_CHECKPOINT', 'DUPLICATED'],
  },
  { what: 'a cut end', edit: (lines) => lines.slice(0, -1), found: ['CUT'] },
  { what: 'an end cut down to a checkpoint', edit: (lines) => lines.slice(0, 11), found: ['CUT'] },
  { what: 'everything cut', edit: () => [], found: ['CUT'] },
  { what: 'an empty line', edit: (lines) => lines.toSpliced(3, 0, ''), found: ['MALFORMED'] },
  { what: 'a line of other text', edit: (lines) => lines.toSpliced(3, 0, 'hello'), found: ['MALFORMED'] },
  {
    what: 'a line that is no JSON',
    edit: (lines) => lines.with(3, at(lines, 3).replace('"call":', 'call:')),
    found: ['MALFORMED', 'MISSING'],
  },
  {
    what: 'a record replaced by other JSON',
    edit: (lines) => lines.with(3, '{"seq":4}'),
    found: ['MALFORMED', 'MISSING'],
  },
  {
    what: 'an endless line',
    edit: (lines) => lines.toSpliced(3, 0, 'x'.repeat(3 * 1024 * 1024)),
    found: ['MALFORMED'],
  },
  {
    what: 'a record of unknown shape',
    edit: (lines) => {
      const end = ifRecordLine(Buffer.from(at(lines, -1)))!;
      return [
        ...lines,
        formatRecord(end, '{"type":"invented","time":"2026-08-01T00:00:00.000Z"}').line.slice(0, -1),
      ];
    },
    found: ['MALFORMED'],
  },
  {
    what: 'an older anchor than the file',
    edit: (lines, place) => {
      const record = ifRecordLine(Buffer.from(at(lines, 5)))!;
      const anchor = place.anchors.anchors.get('gateway')!;
      place.anchors.anchors.set('gateway', { ...anchor, sequence: record.seq, hash: record.hash });
      return lines;
    },
    found: [],
  },
  {
    what: 'no anchor',
    edit: (lines, place) => {
      place.anchors.anchors.clear();
      return lines;
    },
    found: ['NO_ANCHOR'],
  },
];

describe('verifyAudit() on one file [S1-51] [A96]', () => {
  it.each(ONE_FILE)('finds in a log with $what: $found', async ({ edit, found }) => {
    await using place = await makeLog();
    await place.writeLines(edit(await place.lines(), place));
    expect((await place.problemCodes()).toSorted()).toEqual(found);
    expect((await place.verify()).ok).toBe(found.length === 0);
  });

  it('finds a change of any single bit', async () => {
    await using place = await AuditPlace.create();
    {
      await using log = await place.open();
      await log.append(callEntry('call-1'));
    }
    const path = place.path('gateway', '00000001.jsonl');
    const good = await readFile(path);
    for (let offset = good.byteLength - 1; offset >= 0; offset -= 7) {
      const bad = Buffer.from(good);
      bad[offset] = (bad[offset] ?? 0) ^ (1 << (offset % 8));
      await writeFile(path, bad);
      expect((await place.verify()).ok, `bit flipped at ${offset}`).toBe(false);
    }
  });

  it('tells file, line and number of each problem', async () => {
    await using place = await makeLog();
    const lines = await place.lines();
    await place.writeLines(lines.with(6, swap(at(lines, 6))));
    const [problem] = (await place.verify()).writers[0]?.problems ?? [];
    expect(problem).toEqual({
      file: '00000001.jsonl',
      line: 7,
      seq: 7,
      code: 'CHANGED',
      message: 'Record 7 was changed: it does not have its hash',
    });
  });

  it('lists a thousand problems and counts the rest', async () => {
    await using place = await makeLog();
    await place.writeLines([...(await place.lines()), ...Array.from({ length: 5000 }, () => 'x')]);
    const [verdict] = (await place.verify()).writers;
    expect(verdict?.problems).toHaveLength(1000);
    expect(verdict?.problemCount).toBe(5000);
  });

  it('takes an unfinished last line for a writer at work', async () => {
    await using place = await makeLog();
    await appendFile(place.path('gateway', '00000001.jsonl'), '{"seq":15,"pr');
    const verdict = await place.verify();
    expect(verdict.ok).toBe(true);
    expect(verdict.writers[0]?.notes).toEqual([
      expect.stringContaining('00000001.jsonl line 15 is unfinished'),
    ]);
  });

  it('tells how far signatures reach, and first and last time', async () => {
    await using place = await AuditPlace.create();
    await using log = await place.open({ checkpointRecords: 4 });
    for (let index = 0; index < 6; index++) {
      await log.append(callEntry(`call-${index}`, { time: `2026-08-01T00:00:0${index}.000Z` }));
    }
    expect((await place.verify()).writers).toMatchObject([
      {
        records: 8,
        signedThrough: 5,
        firstTime: '2026-08-01T00:00:00.000Z',
        lastTime: '2026-08-01T00:00:05.000Z',
      },
    ]);
  });

  it('passes while records are being written', async () => {
    await using place = await AuditPlace.create();
    await using log = await place.open({ checkpointRecords: 3, segmentBytes: 20_000 });
    const done = new AbortController();
    const writer = (async () => {
      for (let index = 0; !done.signal.aborted; index++) {
        await log.append(callEntry(`call-${index}`));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    for (let round = 0; round < 10; round++) {
      const verdict = await place.verify();
      expect(verdict.writers[0]?.problems).toEqual([]);
    }
    done.abort();
    await writer;
  });

  it('reads again when old files are removed meanwhile', async () => {
    await using place = await AuditPlace.create();
    const log = await place.open({ checkpointRecords: 3, segmentBytes: 2000 });
    await appendCalls(log, 20);
    await log[Symbol.asyncDispose]();
    const [first = ''] = await place.segments();
    const last = JSON.parse((await place.lines(first)).at(-1) ?? '') as { seq: number; hash: string };
    const anchor = (await place.anchors.get('gateway'))!;
    const get = place.anchors.get.bind(place.anchors);
    let reads = 0;
    place.anchors.get = async (writer) => {
      const before = await get(writer);
      if (++reads === 1) {
        place.anchors.anchors.set('gateway', { ...anchor, prunedSequence: last.seq, prunedHash: last.hash });
        await rm(place.path('gateway', first));
      }
      return before;
    };
    expect(await place.verify()).toMatchObject({ ok: true, writers: [{ problems: [] }] });
    expect(reads).toBe(4);
  });

  it('verifies a log that was never opened', async () => {
    await using place = await AuditPlace.create();
    expect(await place.verify()).toEqual({ ok: true, writers: [] });
    await mkdir(place.path('.hidden'));
    const missing = {
      directory: place.path('nothing'),
      store: { audit: place.anchors },
      publicKey: place.publicKey,
    };
    expect(await verifyAudit(missing)).toEqual({ ok: true, writers: [] });
  });

  it('refuses the right log under another public key', async () => {
    await using place = await makeLog();
    const { publicKey } = generateKeyPairSync('ed25519');
    const verdict = await verifyAudit({
      directory: place.directory,
      store: { audit: place.anchors },
      publicKey,
    });
    expect(verdict.writers[0]?.problems.map(({ code }) => code)).toEqual(
      Array.from({ length: 4 }, () => 'FOREIGN_KEY'),
    );
  });
});

describe('verifyAudit() on several files and writers [A96]', () => {
  async function makeFolders(): Promise<AuditPlace> {
    const place = await AuditPlace.create();
    for (const writer of ['cli', 'gateway']) {
      const log = await place.open({ checkpointRecords: 4, segmentBytes: 3000 }, { writer });
      await appendCalls(log, 15, writer);
      await log[Symbol.asyncDispose]();
    }
    return place;
  }

  interface FolderManipulation {
    readonly what: string;
    readonly edit: (place: AuditPlace, files: readonly string[]) => Promise<unknown>;
    readonly found: readonly AuditProblemCode[];
  }

  const exchange = async (one: string, other: string): Promise<void> => {
    await rename(one, `${one}.aside`);
    await rename(other, one);
    await rename(`${one}.aside`, other);
  };

  const SEVERAL: readonly FolderManipulation[] = [
    { what: 'nothing', edit: async () => undefined, found: [] },
    {
      what: 'the first file removed',
      edit: (place, files) => rm(place.path('gateway', at(files, 0))),
      found: ['MISSING'],
    },
    {
      what: 'a middle file removed',
      edit: (place, files) => rm(place.path('gateway', at(files, 1))),
      found: ['MISSING'],
    },
    {
      what: 'the last file removed',
      edit: (place, files) => rm(place.path('gateway', at(files, -1))),
      found: ['CUT'],
    },
    {
      what: 'two files exchanged',
      edit: (place, files) =>
        exchange(place.path('gateway', at(files, 0)), place.path('gateway', at(files, 1))),
      found: ['REORDERED'],
    },
    {
      what: 'a file copied to the end',
      edit: (place, files) =>
        cp(place.path('gateway', at(files, 0)), place.path('gateway', '00000099.jsonl')),
      found: ['BAD_CHECKPOINT', 'DUPLICATED'],
    },
    {
      what: 'a torn end in a file that is not the last',
      edit: (place, files) => appendFile(place.path('gateway', at(files, 0)), '{"seq'),
      found: ['MALFORMED'],
    },
    {
      what: 'a writer removed',
      edit: (place) => rm(place.path('gateway'), { recursive: true }),
      found: ['WRITER_MISSING'],
    },
    {
      what: 'the files of a writer removed',
      edit: (place, files) => Promise.all(files.map((file) => rm(place.path('gateway', file)))),
      found: ['CUT'],
    },
    {
      what: 'two writers exchanged',
      edit: (place) => exchange(place.path('gateway'), place.path('cli')),
      found: ['ANCHOR_MISMATCH', 'BROKEN_CHAIN', 'FOREIGN_WRITER'],
    },
    {
      what: 'a writer copied over another',
      edit: async (place) => {
        await rm(place.path('gateway'), { recursive: true });
        await cp(place.path('cli'), place.path('gateway'), { recursive: true });
      },
      found: ['ANCHOR_MISMATCH', 'BROKEN_CHAIN', 'FOREIGN_WRITER'],
    },
    {
      what: 'a writer nobody knows',
      edit: (place) => cp(place.path('cli'), place.path('extra'), { recursive: true }),
      found: ['BROKEN_CHAIN', 'FOREIGN_WRITER', 'NO_ANCHOR'],
    },
    {
      what: 'other files beside',
      edit: (place) => writeFile(place.path('gateway', 'notes.txt'), 'x'),
      found: [],
    },
  ];

  it.each(SEVERAL)('finds in folders with $what: $found', async ({ edit, found }) => {
    await using place = await makeFolders();
    await edit(place, await place.segments());
    const codes = await place.problemCodes();
    expect(
      codes.filter((code) => !(found.includes('REORDERED') && code === 'BAD_CHECKPOINT')).toSorted(),
    ).toEqual(found);
  });
});
