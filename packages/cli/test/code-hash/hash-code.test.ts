import { createHash } from 'node:crypto';
import { chmod, mkdir, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { hashCode } from '../../src/code-hash/hash-code.ts';
import { makePlace, type Place } from '../run-cli.ts';

async function makeTree(place: Place, name: string): Promise<string> {
  const root = place.file(name);
  await mkdir(`${root}/lib`, { recursive: true });
  await writeFile(`${root}/main.mjs`, 'import "./lib/a.mjs";');
  await writeFile(`${root}/lib/a.mjs`, 'a();');
  await writeFile(`${root}/lib/é.txt`, '');
  return root;
}

describe('hashCode()', () => {
  it('is the plain SHA-256 of a file [S1-26]', async () => {
    await using place = await makePlace();
    const file = await place.write('bot.mjs', 'run();\n');
    expect(await hashCode(file)).toBe(`sha256:${createHash('sha256').update('run();\n').digest('hex')}`);
  });

  it('is what its description says for a folder', async () => {
    await using place = await makePlace();
    const root = place.file('tree');
    await mkdir(root);
    await writeFile(`${root}/b`, 'B');
    await writeFile(`${root}/a`, 'A');
    const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
    const list = `smcp-code-tree/v1\nfile ${digest('A')} "a"\nfile ${digest('B')} "b"\n`;
    expect(await hashCode(root)).toBe(`sha256:${digest(list)}`);
  });

  it('is the same for equal folders elsewhere, whatever their times and permissions', async () => {
    await using place = await makePlace();
    const one = await makeTree(place, 'one');
    const other = await makeTree(place, 'other');
    await utimes(`${other}/main.mjs`, 1, 1);
    await chmod(`${other}/main.mjs`, 0o700);
    await mkdir(`${other}/empty`);
    expect(await hashCode(other)).toBe(await hashCode(one));
  });

  it('does not count what git keeps', async () => {
    await using place = await makePlace();
    const root = await makeTree(place, 'tree');
    const before = await hashCode(root);
    await mkdir(`${root}/.git`);
    await writeFile(`${root}/.git/HEAD`, 'ref');
    expect(await hashCode(root)).toBe(before);
  });

  it.each<readonly [string, (root: string) => Promise<void>]>([
    ['a changed byte', async (root) => await writeFile(`${root}/lib/a.mjs`, 'b();')],
    ['a new file', async (root) => await writeFile(`${root}/lib/b.mjs`, '')],
    ['a hidden file', async (root) => await writeFile(`${root}/.env`, '')],
    ['another name', async (root) => await rename(`${root}/lib/a.mjs`, `${root}/lib/c.mjs`)],
    ['another folder', async (root) => await rename(`${root}/lib`, `${root}/src`)],
    ['a new link', async (root) => await symlink('main.mjs', `${root}/link.mjs`)],
    ['a file moved up', async (root) => await rename(`${root}/lib/a.mjs`, `${root}/a.mjs`)],
  ])('differs after %s [S1-47]', async (_what, change) => {
    await using place = await makePlace();
    const root = await makeTree(place, 'tree');
    const before = await hashCode(root);
    await change(root);
    expect(await hashCode(root)).not.toBe(before);
  });

  it('differs when a link leads elsewhere, and does not follow it', async () => {
    await using place = await makePlace();
    const [one, other] = [place.file('one'), place.file('other')];
    await mkdir(one);
    await mkdir(other);
    await symlink('/nowhere/a', `${one}/link`);
    await symlink('/nowhere/b', `${other}/link`);
    expect(await hashCode(one)).not.toBe(await hashCode(other));
  });

  it('is not fooled by a name that looks like a line of the list', async () => {
    await using place = await makePlace();
    const [one, other] = [place.file('one'), place.file('other')];
    await mkdir(one);
    await mkdir(other);
    await writeFile(`${one}/a`, '');
    await writeFile(`${one}/b`, '');
    const empty = createHash('sha256').digest('hex');
    await writeFile(`${other}/a"\nfile ${empty} "b`, '');
    expect(await hashCode(one)).not.toBe(await hashCode(other));
  });

  it('refuses an empty folder', async () => {
    await using place = await makePlace();
    await mkdir(place.file('empty'));
    await expect(hashCode(place.file('empty'))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('refuses what is neither file nor folder', async () => {
    await expect(hashCode('/dev/null')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('rejects for a path that is not there', async () => {
    await expect(hashCode('/nowhere/at/all')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
