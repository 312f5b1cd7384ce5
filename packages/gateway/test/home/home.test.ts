import { execFile } from 'node:child_process';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecretKey, createPublicKey, sign, verify } from 'node:crypto';
import { inspect, promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deriveKeys, HomeError, locateHome, openHome } from '../../src/home/index.ts';

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-home-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function refusal(promise: Promise<unknown>): Promise<HomeError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HomeError)) throw new Error('Expected a HomeError', { cause: error });
  return error;
}

const masterKey = Buffer.alloc(32, 7).toString('base64');

describe('locateHome()', () => {
  const cases: [string, Parameters<typeof locateHome>[0], string][] = [
    [
      'prefers the given folder',
      { env: { SMCP_HOME: '/b', XDG_STATE_HOME: '/c', HOME: '/d' }, home: '/a' },
      '/a',
    ],
    ['then SMCP_HOME', { env: { SMCP_HOME: '/b', XDG_STATE_HOME: '/c', HOME: '/d' } }, '/b'],
    ['then XDG_STATE_HOME', { env: { XDG_STATE_HOME: '/c', HOME: '/d' } }, '/c/smcp'],
    ['then the home folder', { env: { HOME: '/d' } }, '/d/.local/state/smcp'],
    [
      'takes empty variables as absent',
      { env: { SMCP_HOME: '', XDG_STATE_HOME: '', HOME: '/d' } },
      '/d/.local/state/smcp',
    ],
    [
      'ignores a relative XDG_STATE_HOME',
      { env: { XDG_STATE_HOME: 'state', HOME: '/d' } },
      '/d/.local/state/smcp',
    ],
    ['asks the system without HOME', { env: {} }, join(homedir(), '.local', 'state', 'smcp')],
    ['resolves a relative SMCP_HOME', { env: { SMCP_HOME: 'x/../y' } }, join(process.cwd(), 'y')],
  ];
  it.each(cases)('%s', (_, options, expected) => {
    expect(locateHome(options)).toBe(expected);
  });
});

describe('openHome()', () => {
  it('makes a private folder and key', async () => {
    const home = await openHome({ env: {}, home: join(await makeFolder(), 'deep', 'state') });
    expect((await stat(home.path)).mode & 0o777).toBe(0o700);
    expect((await stat(home.file('master.key'))).mode & 0o777).toBe(0o600);
    expect(Buffer.from(await readFile(home.file('master.key'), 'utf8'), 'base64')).toHaveLength(32);
    expect(await readdir(home.path)).toEqual(['master.key']);
  });

  it('gives the same keys when opened again', async () => {
    const path = await makeFolder();
    const first = await openHome({ env: {}, home: path });
    const second = await openHome({ env: { SMCP_HOME: path } });
    expect(second.hashToken('smcp_key_x')).toBe(first.hashToken('smcp_key_x'));
    expect(second.vaultKey.equals(first.vaultKey)).toBe(true);
  });

  it('gives other keys in another folder', async () => {
    const first = await openHome({ env: {}, home: await makeFolder() });
    const second = await openHome({ env: {}, home: await makeFolder() });
    expect(second.hashToken('smcp_key_x')).not.toBe(first.hashToken('smcp_key_x'));
  });

  it('takes SMCP_MASTER_KEY in place of the file and writes none', async () => {
    const path = await makeFolder();
    const home = await openHome({ env: { SMCP_MASTER_KEY: masterKey }, home: path });
    expect(await readdir(path)).toEqual([]);
    expect(home.vaultKey.equals(deriveKeys(Buffer.alloc(32, 7)).vaultKey)).toBe(true);
  });

  it('takes SMCP_MASTER_KEY also as base64url without padding', async () => {
    const bytes = Buffer.alloc(32, 0xfb);
    const home = await openHome({
      env: { SMCP_MASTER_KEY: bytes.toString('base64url') },
      home: await makeFolder(),
    });
    expect(home.vaultKey.equals(deriveKeys(bytes).vaultKey)).toBe(true);
  });

  it('lets calls at the same time agree on one key', async () => {
    const path = await makeFolder();
    const homes = await Promise.all(Array.from({ length: 16 }, () => openHome({ env: {}, home: path })));
    expect(new Set(homes.map((home) => home.hashToken('a'))).size).toBe(1);
    expect(await readdir(path)).toEqual(['master.key']);
  });

  it('lets processes at the same time agree on one key', async () => {
    const path = join(await makeFolder(), 'state');
    const module = new URL('../../src/home/index.ts', import.meta.url).href;
    const script = `const { openHome } = await import(${JSON.stringify(module)});
      process.stdout.write((await openHome({ env: {}, home: ${JSON.stringify(path)} })).hashToken('a'));`;
    const run = promisify(execFile);
    const results = await Promise.all(
      Array.from({ length: 4 }, () => run(process.execPath, ['--input-type=module', '--eval', script])),
    );
    expect(new Set(results.map(({ stdout }) => stdout)).size).toBe(1);
    expect(results[0]?.stdout).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([0o750, 0o705, 0o720, 0o702, 0o777])(
    'refuses a folder with mode %o and names the remedy',
    async (mode) => {
      const path = await makeFolder();
      await chmod(path, mode);
      const error = await refusal(openHome({ env: {}, home: path }));
      expect(error.code).toBe('HOME_INSECURE');
      expect(error.remedy).toBe(`run: chmod 700 ${path}`);
      expect((await stat(path)).mode & 0o777).toBe(mode);
      expect(await readdir(path)).toEqual([]);
    },
  );

  it.skipIf(process.getuid?.() !== 0)('refuses a folder of another user', async () => {
    const path = await makeFolder();
    await chown(path, 12_345, 12_345);
    const error = await refusal(openHome({ env: {}, home: path }));
    expect(error.code).toBe('HOME_INSECURE');
    expect(error.message).toContain('12345');
  });

  it('refuses a folder of others behind a symbolic link', async () => {
    const path = await makeFolder();
    await mkdir(join(path, 'open'));
    await chmod(join(path, 'open'), 0o755);
    await symlink(join(path, 'open'), join(path, 'link'));
    expect((await refusal(openHome({ env: {}, home: join(path, 'link') }))).code).toBe('HOME_INSECURE');
  });

  it('refuses a path that is a file', async () => {
    const path = join(await makeFolder(), 'file');
    await writeFile(path, '', { mode: 0o600 });
    expect((await refusal(openHome({ env: {}, home: path }))).code).toBe('HOME_UNUSABLE');
    expect((await refusal(openHome({ env: {}, home: join(path, 'below') }))).code).toBe('HOME_UNUSABLE');
  });

  it.each([0o640, 0o604])('refuses a key file with mode %o', async (mode) => {
    const path = await makeFolder();
    await openHome({ env: {}, home: path });
    await chmod(join(path, 'master.key'), mode);
    const error = await refusal(openHome({ env: {}, home: path }));
    expect(error.code).toBe('HOME_INSECURE');
    expect(error.remedy).toBe(`run: chmod 600 ${join(path, 'master.key')}`);
  });

  it.each([
    ['empty', '\n\n'],
    ['31 bytes', Buffer.alloc(31, 1).toString('base64')],
    ['33 bytes', Buffer.alloc(33, 1).toString('base64')],
    ['not base64', `${'!'.repeat(10)}${masterKey}`],
    ['two keys', `${masterKey}\n${masterKey}`],
    ['a huge file', 'A'.repeat(5000)],
  ])('refuses a key file that is %s, without quoting it', async (_, content) => {
    const path = await makeFolder();
    await writeFile(join(path, 'master.key'), content, { mode: 0o600 });
    const error = await refusal(openHome({ env: {}, home: path }));
    expect(error.code).toBe('HOME_KEY_INVALID');
    expect(error.message).not.toContain(content);
  });

  it('refuses a bad SMCP_MASTER_KEY without quoting it', async () => {
    const error = await refusal(
      openHome({ env: { SMCP_MASTER_KEY: 'correct horse' }, home: await makeFolder() }),
    );
    expect(error.code).toBe('HOME_KEY_INVALID');
    expect(error.message).not.toContain('correct horse');
  });

  it('refuses state without its key rather than making a new one', async () => {
    const path = await makeFolder();
    await writeFile(join(path, 'state.db'), '');
    const error = await refusal(openHome({ env: {}, home: path }));
    expect(error.code).toBe('HOME_KEY_MISSING');
    expect(await readdir(path)).toEqual(['state.db']);
    await expect(openHome({ env: { SMCP_MASTER_KEY: masterKey }, home: path })).resolves.toBeDefined();
  });

  it('shows its path only when printed or serialised', async () => {
    const home = await openHome({ env: { SMCP_MASTER_KEY: masterKey }, home: await makeFolder() });
    expect(inspect(home, { depth: 9, showHidden: true })).toBe(`Home { path: ${JSON.stringify(home.path)} }`);
    expect(JSON.parse(JSON.stringify(home))).toEqual({ path: home.path });
    expect(inspect({ ...home }, { depth: 9 })).toBe(`{ path: '${home.path}' }`);
    expect(inspect(home.hashKey, { showHidden: true })).not.toMatch(/[0-9a-f]{16}/);
  });

  it('hands out absolute paths and keyed hashes', async () => {
    const home = await openHome({ env: { SMCP_MASTER_KEY: masterKey }, home: await makeFolder() });
    expect(home.file('audit', 'gateway')).toBe(join(home.path, 'audit', 'gateway'));
    expect(home.hashToken('a')).toMatch(/^[0-9a-f]{64}$/);
    expect(home.hashToken('a')).not.toBe(home.hashToken('b'));
    const signature = sign(null, Buffer.from('x'), home.auditSigningKey);
    expect(verify(null, Buffer.from('x'), home.auditPublicKey, signature)).toBe(true);
  });
});

describe('deriveKeys()', () => {
  it('derives what RFC 5869 says, for ever', () => {
    const keys = deriveKeys(Buffer.alloc(32, 1));
    const exported = [keys.hashKey, keys.vaultKey, keys.sessionKey, keys.stateKey].map((key) =>
      key.export().toString('hex'),
    );
    expect(exported).toMatchInlineSnapshot(`
      [
        "319100c0de0b71e646a4b93d7b56b7de8c55e138d684b71edc32014dc12d9b63",
        "d9b7fd222f5d23017156db47fb04ee120d01ca8959b8880a4ca6db3992b129a2",
        "3694bce24278dae10f71f7e43caf8829b9ed8203944c36e46a66c2155b29278d",
        "03ab0f64115819fa4e2f1ec8a44502454759293699eb034d6f565c40b790fdd3",
      ]
    `);
    expect(createPublicKey(keys.auditSigningKey).export({ format: 'jwk' })).toMatchInlineSnapshot(`
      {
        "crv": "Ed25519",
        "kty": "OKP",
        "x": "zxN1i4wzF1F58nF_-TXtUIGM5HXBTb0LO5yrVRbm7Hc",
      }
    `);
  });

  it('gives a different key for every purpose and for every master', () => {
    const keys = deriveKeys(Buffer.alloc(32, 1));
    const others = deriveKeys(Buffer.alloc(32, 2));
    const seed = createSecretKey(keys.auditSigningKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32));
    const all = [
      keys.hashKey,
      keys.vaultKey,
      keys.sessionKey,
      keys.stateKey,
      seed,
      others.hashKey,
      others.vaultKey,
      others.sessionKey,
      others.stateKey,
    ];
    expect(new Set(all.map((key) => key.export().toString('hex'))).size).toBe(9);
  });

  it.each([0, 31, 33])('refuses a master of %i bytes', (length) => {
    expect(() => deriveKeys(new Uint8Array(length))).toThrow(RangeError);
  });
});

describe('openHome() where no folder can be made', () => {
  it.runIf(process.platform === 'linux')('says so on a file system that refuses with ENOENT', async () => {
    const error = await refusal(openHome({ env: {}, home: '/proc/smcp/state' }));
    expect(error.code).toBe('HOME_UNUSABLE');
  });

  it('makes the folders above it, closed to others', async () => {
    const folder = await makeFolder();
    const home = await openHome({ env: {}, home: join(folder, 'a', 'b', 'c') });
    expect((await stat(home.path)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o700);
  });
});
