import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore, openStore } from '../../src/store/index.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { SqliteDatabase } from '../../src/store/sqlite-database.ts';
import { storeSuite } from './store-suite.ts';

storeSuite('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-store-'));
  return {
    open: async () => openSqliteStore(join(folder, 'state.db')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
});

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-store-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const homeAt = (folder: string): { file: (...segments: string[]) => string } => ({
  file: (...segments) => join(folder, ...segments),
});

describe('openStore()', () => {
  it.each([
    ['no URL', undefined, 'state.db'],
    ['an empty URL', '', 'state.db'],
    ['a relative path', 'sqlite:other.db', 'other.db'],
  ])('with %s uses a file in the state folder', async (_, url, file) => {
    const folder = await makeFolder();
    await using store = await openStore(url, homeAt(folder));
    expect(await store.keys.list()).toEqual([]);
    expect(await readdir(folder)).toContain(file);
  });

  it.each(['sqlite:', 'sqlite://'])('takes an absolute path after %s', async (prefix) => {
    const folder = await makeFolder();
    await using store = await openStore(`${prefix}${join(folder, 'x.db')}`, homeAt('/nowhere'));
    expect(await store.revision()).toBe(1);
  });

  it.each([
    'postgres://user:hunter2@host/db',
    'mysql://hunter2@h/d',
    'hunter2',
    '/hunter2.db',
    'file:///hunter2',
  ])('refuses %s without quoting more than the scheme', async (url) => {
    const opening = openStore(url, homeAt(await makeFolder()));
    await expect(opening).rejects.toMatchObject({ code: 'STORE_UNSUPPORTED' });
    await expect(opening).rejects.not.toThrow('hunter2');
  });

  it.each(['sqlite:', 'sqlite://', 'sqlite::memory:', 'sqlite://host/state.db'])(
    'refuses %s for want of a path',
    async (url) => {
      await expect(openStore(url, homeAt(await makeFolder()))).rejects.toMatchObject({
        code: 'STORE_UNSUPPORTED',
      });
    },
  );
});

describe('openSqliteStore()', () => {
  it('says so once its file was removed or replaced', async () => {
    const path = join(await makeFolder(), 'state.db');
    await using store = openSqliteStore(path);
    expect(await store.revision()).toBeTypeOf('number');
    await rename(path, `${path}.aside`);
    await expect(store.revision()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await writeFile(path, '');
    await expect(store.revision()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await rm(path);
    await rename(`${path}.aside`, path);
    expect(await store.revision()).toBeTypeOf('number');
  });

  it('keeps its files from other users', async () => {
    const folder = await makeFolder();
    await using store = openSqliteStore(join(folder, 'state.db'));
    await store.ensureMeta('a', 'b');
    const files = await readdir(folder);
    expect(files.toSorted()).toEqual(['state.db', 'state.db-shm', 'state.db-wal']);
    for (const file of files) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  });

  it('closes a file that was open to others', async () => {
    const path = join(await makeFolder(), 'state.db');
    await writeFile(path, '', { mode: 0o644 });
    await using store = openSqliteStore(path);
    expect(await store.revision()).toBe(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('refuses a path that cannot be opened', async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, 'folder'));
    for (const path of [join(folder, 'folder'), join(folder, 'missing', 'state.db')]) {
      expect(() => openSqliteStore(path)).toThrow(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }));
    }
  });

  it('refuses a file that is no database, names the remedy and leaves it as it is', async () => {
    const path = join(await makeFolder(), 'state.db');
    await writeFile(path, 'x'.repeat(8192));
    expect(() => openSqliteStore(path)).toThrow(
      expect.objectContaining({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringContaining('restore a backup'),
      }),
    );
    expect((await stat(path)).size).toBe(8192);
  });

  it('refuses a database with a damaged page', async () => {
    const path = join(await makeFolder(), 'state.db');
    {
      await using store = openSqliteStore(path);
      for (let index = 0; index < 500; index++) {
        await store.secrets.set(
          `secret-${index}`,
          new Uint8Array(100).fill(index),
          '2026-08-01T00:00:00.000Z',
        );
      }
    }
    const { size } = await stat(path);
    await using file = await open(path, 'r+');
    for (let page = 4096; page + 4096 <= size; page += 4096)
      await file.write(Buffer.alloc(512, 0xa5), 0, 512, page);
    expect(() => openSqliteStore(path)).toThrow(
      expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('is damaged') }),
    );
  });

  it('refuses a file of a newer version and leaves it as it is', async () => {
    const path = join(await makeFolder(), 'state.db');
    await openSqliteStore(path)[Symbol.asyncDispose]();
    const newer = (MIGRATIONS.at(-1)?.version ?? 0) + 1;
    using database = new DatabaseSync(path);
    database.exec(`PRAGMA user_version = ${newer}`);
    expect(() => openSqliteStore(path)).toThrow(
      expect.objectContaining({ code: 'STORE_TOO_NEW', message: expect.stringContaining(`schema ${newer}`) }),
    );
    expect(database.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: newer });
  });

  it('waits for a short write of another connection', async () => {
    const path = join(await makeFolder(), 'state.db');
    await using store = openSqliteStore(path);
    const script = `const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(${JSON.stringify(path)});
      database.exec('BEGIN IMMEDIATE');
      process.stdout.write('locked');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      database.exec('COMMIT');`;
    const run = promisify(execFile)(process.execPath, ['--eval', script]);
    await new Promise((resolve) => run.child.stdout?.once('data', resolve));
    expect(await store.ensureMeta('a', 'b')).toBe('b');
    await run;
  });

  it('lets processes at the same time make the file', async () => {
    const path = join(await makeFolder(), 'state.db');
    const module = new URL('../../src/store/index.ts', import.meta.url).href;
    const script = `const { openSqliteStore } = await import(${JSON.stringify(module)});
      await using store = openSqliteStore(${JSON.stringify(path)});
      process.stdout.write(await store.ensureMeta('id', String(process.pid)));`;
    const results = await Promise.all(
      Array.from({ length: 4 }, () =>
        promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]),
      ),
    );
    expect(new Set(results.map(({ stdout }) => stdout)).size).toBe(1);
    // The built-in module must not disturb standard error of a command-line tool.
    expect(results.map(({ stderr }) => stderr)).toEqual(['', '', '', '']);
  });
});

describe('SqliteDatabase', () => {
  const steps = [
    { version: 1, sql: 'CREATE TABLE a (x INTEGER)' },
    { version: 2, sql: 'CREATE TABLE b (y INTEGER); INSERT INTO a VALUES (2)' },
    { version: 3, sql: 'ALTER TABLE b ADD COLUMN z TEXT' },
  ];

  it('applies the steps that are missing, each once', async () => {
    const path = join(await makeFolder(), 'state.db');
    new SqliteDatabase(path, steps.slice(0, 1))[Symbol.dispose]();
    new SqliteDatabase(path, steps)[Symbol.dispose]();
    using database = new SqliteDatabase(path, steps);
    expect(database.all('SELECT x FROM a')).toEqual([{ x: 2 }]);
    expect(database.get('PRAGMA user_version')).toEqual({ user_version: 3 });
  });

  it('undoes all steps when one fails', async () => {
    const path = join(await makeFolder(), 'state.db');
    new SqliteDatabase(path, steps.slice(0, 1))[Symbol.dispose]();
    const broken = [...steps, { version: 4, sql: 'CREATE TABLE c (x INTEGER); NONSENSE' }];
    expect(() => new SqliteDatabase(path, broken)).toThrow(
      expect.objectContaining({ code: 'STORE_UNAVAILABLE' }),
    );
    using database = new SqliteDatabase(path, steps.slice(0, 1));
    expect(database.all('SELECT x FROM a')).toEqual([]);
    expect(() => database.all('SELECT y FROM b')).toThrow(
      expect.objectContaining({ code: 'STORE_UNAVAILABLE' }),
    );
  });

  it('has released steps numbered from 1 without gaps', () => {
    expect(MIGRATIONS.map((step) => step.version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  it('forces changes to disk, apart from relaxed ones', async () => {
    using database = new SqliteDatabase(join(await makeFolder(), 'state.db'), steps);
    database.runRelaxed('INSERT INTO a VALUES (3)');
    expect(database.get('PRAGMA synchronous')).toEqual({ synchronous: 2 });
    expect(database.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(database.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 });
    expect(database.get('PRAGMA busy_timeout')).toEqual({ timeout: 5000 });
  });
});
