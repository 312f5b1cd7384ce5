import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SegmentFile } from '../../src/audit/segment-file.ts';

async function makePath(content?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-segment-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, '00000001.jsonl');
  if (content !== undefined) await writeFile(path, content);
  return path;
}

const write = {
  os: async (file: SegmentFile, text: string): Promise<void> => file.write(Buffer.from(text)),
  disk: (file: SegmentFile, text: string): Promise<void> => file.writeThrough(Buffer.from(text)),
};

describe.each(['os', 'disk'] as const)('SegmentFile written by way of %s', (way) => {
  it('grows by whole batches', async () => {
    const path = await makePath();
    const file = SegmentFile.create(path);
    await write[way](file, 'one\n');
    await write[way](file, 'zwölf\n');
    await file.sync();
    expect(file.size).toBe(11);
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('one\nzwölf\n');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('goes on at the end of what is there', async () => {
    const path = await makePath('old\n');
    const file = SegmentFile.open(path);
    await write[way](file, 'new\n');
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('old\nnew\n');
  });

  // Every write to this device fails for want of space, and what was written cannot be cut off either.
  it.skipIf(!existsSync('/dev/full'))('fails for as long as it can neither write nor cut off', async () => {
    const file = SegmentFile.open('/dev/full');
    await expect(write[way](file, 'one\n')).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(write[way](file, 'two\n')).rejects.toMatchObject({ code: 'EINVAL' });
    expect(file.size).toBe(0);
    await file.close();
  });
});

describe('SegmentFile', () => {
  it('create() refuses a file that exists and leaves it alone', async () => {
    const path = await makePath('kept');
    expect(() => SegmentFile.create(path)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(await readFile(path, 'utf8')).toBe('kept');
  });

  it('open() refuses a file that does not exist', async () => {
    const path = await makePath();
    expect(() => SegmentFile.open(path)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  it('close() waits for what is being put on the disk', async () => {
    const file = SegmentFile.create(await makePath());
    file.write(Buffer.alloc(1024 * 1024));
    const order: string[] = [];
    const syncs = Promise.all([file.sync(), file.sync()]).then(() => order.push('synced'));
    await file.close().then(() => order.push('closed'));
    await syncs;
    expect(order).toEqual(['synced', 'closed']);
  });
});
