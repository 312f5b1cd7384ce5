import { mkdir, readFile, stat, symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openNewFile } from '../../src/files/new-file.ts';
import { makePlace } from '../run-cli.ts';

describe('openNewFile()', () => {
  it('makes a file for its owner alone', async () => {
    await using place = await makePlace();
    {
      await using file = await openNewFile(place.file('a'), 'r');
      await file.writeFile('text');
    }
    expect(await readFile(place.file('a'), 'utf8')).toBe('text');
    expect((await stat(place.file('a'))).mode & 0o777).toBe(0o600);
  });

  it('refuses a file that exists, with the remedy that was given', async () => {
    await using place = await makePlace();
    const path = await place.write('a', 'before');
    await expect(openNewFile(path, 'choose another')).rejects.toMatchObject({
      code: 'FILE_EXISTS',
      message: `${path} exists already and is left as it is`,
      remedy: 'choose another',
    });
    expect(await readFile(path, 'utf8')).toBe('before');
  });

  it('refuses a link that leads nowhere, and does not follow it', async () => {
    await using place = await makePlace();
    await symlink(place.file('target'), place.file('link'));
    await expect(openNewFile(place.file('link'), 'r')).rejects.toMatchObject({ code: 'FILE_EXISTS' });
  });

  it('says that the folder is missing, not the file', async () => {
    await using place = await makePlace();
    const path = place.file('nope/a');
    await expect(openNewFile(path, 'r')).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: `The folder ${place.file('nope')} does not exist, so ${path} cannot be made`,
    });
  });

  it('passes on what else the system says', async () => {
    await using place = await makePlace();
    const file = await place.write('file', '');
    await mkdir(place.file('folder'));
    await expect(openNewFile(`${file}/a`, 'r')).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(openNewFile('', 'r')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
