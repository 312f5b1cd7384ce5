import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePlace, type Place } from '../run-cli.ts';

const NOW = Date.parse('2030-01-01T00:00:00Z');

/** Everything in the state folder, as one text. */
async function allState({ home }: Place): Promise<string> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(
    files.map(async (file) => await readFile(join(file.parentPath, file.name), 'latin1')),
  );
  return texts.join('\n');
}

async function listKeys(place: Place, now?: number) {
  const { stdout } = await place.smcp(['keys', 'list', '--json'], now === undefined ? {} : { now });
  return JSON.parse(stdout).keys;
}

describe('smcp keys create', () => {
  it('prints the key alone on standard output, and about it on standard error [S1-23]', async () => {
    await using place = await makePlace();
    const { code, stdout, stderr } = await place.smcp(['keys', 'create', 'alice', '--role', 'eng']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^smcp_key_[A-Za-z0-9_-]{43}\n$/);
    expect(stderr).toContain('Created key:alice (eng; never expires)');
    expect(stderr).not.toContain(stdout.trim());
  });

  it('keeps nothing from which the key could be read', async () => {
    await using place = await makePlace();
    const key = (await place.smcp(['keys', 'create', 'alice', '--role', 'eng'])).stdout.trim();
    const state = await allState(place);
    expect(state).toContain(key.slice(0, 'smcp_key_'.length + 4));
    expect(state).not.toContain(key.slice('smcp_key_'.length + 4));
  });

  it('gives machines one document', async () => {
    await using place = await makePlace();
    const { stdout, stderr } = await place.smcp(
      ['keys', 'create', 'ci', '--role', 'a', 'b', '--expires', '30d', '--json'],
      { now: NOW },
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      id: 'key:ci',
      state: 'active',
      name: 'ci',
      hint: expect.stringMatching(/^smcp_key_.{4}$/),
      roles: ['a', 'b'],
      createdAt: '2030-01-01T00:00:00.000Z',
      expiresAt: expect.any(String),
      token: expect.stringMatching(/^smcp_key_/),
    });
  });

  it('takes a date as the end [S1-24]', async () => {
    await using place = await makePlace();
    await place.smcp(['keys', 'create', 'a', '--role', 'r', '--expires', '2099-01-31']);
    expect(await listKeys(place)).toMatchObject([{ expiresAt: '2099-01-31T00:00:00.000Z', state: 'active' }]);
    expect(await listKeys(place, Date.parse('2099-01-31T00:00:00Z'))).toMatchObject([{ state: 'expired' }]);
  });

  it('records who was made, without the key', async () => {
    await using place = await makePlace();
    const key = (await place.smcp(['keys', 'create', 'alice', '--role', 'eng'])).stdout.trim();
    const { stdout } = await place.smcp(['audit', 'export', '--type', 'system']);
    expect(JSON.parse(stdout)).toMatchObject({
      event: 'key.created',
      detail: { id: 'key:alice', roles: ['eng'] },
    });
    expect(stdout).not.toContain(key);
  });

  it.each([
    ['a taken name', ['alice', '--role', 'eng'], 1, 'IDENTITY_NAME_TAKEN'],
    ['a name with a slash', ['a/b', '--role', 'eng'], 2, 'IDENTITY_INVALID'],
    ['a role with a colon', ['bob', '--role', 'a:b'], 2, 'IDENTITY_INVALID'],
    ['an end in the past', ['bob', '--role', 'eng', '--expires', '2020-01-01'], 2, 'USAGE'],
    ['an end that is no date', ['bob', '--role', 'eng', '--expires', 'soon'], 2, 'USAGE'],
    ['a public key that is none', ['bob', '--role', 'eng', '--public-key', 'abc'], 2, 'IDENTITY_INVALID'],
  ])('refuses %s and makes nothing', async (_what, args, code, error) => {
    await using place = await makePlace();
    await place.smcp(['keys', 'create', 'alice', '--role', 'eng']);
    const ran = await place.smcp(['keys', 'create', ...args, '--json']);
    expect(ran.code).toBe(code);
    expect(JSON.parse(ran.stdout).error.code).toBe(error);
    expect(await listKeys(place)).toHaveLength(1);
  });

  it('refuses a name of the configuration that is named', async () => {
    await using place = await makePlace();
    const file = await place.write(
      'smcp.yaml',
      'api_keys: [{ name: alice, key: "${K}", role: eng }]\nroles: { eng: {} }',
    );
    const { code, stderr } = await place.smcp(['keys', 'create', 'alice', '--role', 'eng', '--config', file]);
    expect(code).toBe(1);
    expect(stderr).toContain('key:alice is in the configuration file');
  });

  it.each([
    ['one like another', ['engg'], 'did you mean "eng"?'],
    ['one like none', ['accounting'], 'it has: eng, reader'],
    ['one that every object has', ['constructor'], 'it has: eng, reader'],
    ['one among good ones', ['eng', 'raeder'], 'did you mean "reader"?'],
  ])('refuses a role that the named configuration does not have, %s', async (_what, roles, remedy) => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', 'roles: { eng: {}, reader: {} }');
    const args = ['keys', 'create', 'bob', '--role', ...roles, '--config', file, '--json'];
    const { code, stdout } = await place.smcp(args);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'ROLE_UNKNOWN',
      message: `The configuration has no role "${roles.at(-1)}"; nothing was made`,
      remedy,
    });
    expect(await listKeys(place)).toEqual([]);
    expect((await place.smcp(['audit', 'export', '--type', 'system'])).stdout).toBe('');
  });

  it('refuses every role when the named configuration has none', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', 'listen: ":0"\n');
    const { code, stderr } = await place.smcp(['keys', 'create', 'bob', '--role', 'eng', '--config', file]);
    expect(code).toBe(2);
    expect(stderr).toContain('it has no roles at all');
  });

  it('takes a role of the named configuration, and any role without one', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', 'roles: { eng: {} }');
    const named = await place.smcp(['keys', 'create', 'bob', '--role', 'eng', '--config', file]);
    const free = await place.smcp(['keys', 'create', 'ann', '--role', 'egn']);
    expect([named.code, free.code]).toEqual([0, 0]);
  });
});

describe('smcp keys list', () => {
  it('has no hashes', async () => {
    await using place = await makePlace();
    await place.smcp(['keys', 'create', 'alice', '--role', 'eng']);
    const [key] = await listKeys(place);
    expect(Object.keys(key).sort()).toEqual(['createdAt', 'hint', 'id', 'name', 'roles', 'state']);
  });

  it('is a table for people', async () => {
    await using place = await makePlace();
    await place.smcp(['keys', 'create', 'alice', '--role', 'eng']);
    const { stdout } = await place.smcp(['keys', 'list']);
    expect(stdout).toMatch(
      /^ID +ROLES +TOKEN +CREATED +EXPIRES +STATE\nkey:alice +eng +smcp_key_.{4}… .* never +active\n$/,
    );
  });

  it('says so when there are none', async () => {
    await using place = await makePlace();
    expect((await place.smcp(['keys', 'list'])).stdout).toBe('There are no keys in the store\n');
  });
});

describe('smcp keys revoke', () => {
  it('revokes by name or id, once', async () => {
    await using place = await makePlace();
    await place.smcp(['keys', 'create', 'alice', '--role', 'eng']);
    const first = await place.smcp(['keys', 'revoke', 'alice', '--json'], { now: NOW });
    expect(JSON.parse(first.stdout)).toEqual({
      id: 'key:alice',
      revokedAt: '2030-01-01T00:00:00.000Z',
      changed: true,
    });
    const second = await place.smcp(['keys', 'revoke', 'key:alice', '--json'], { now: NOW + 1000 });
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout)).toEqual({
      id: 'key:alice',
      revokedAt: '2030-01-01T00:00:00.000Z',
      changed: false,
    });
    const events = (await place.smcp(['audit', 'export', '--type', 'system'])).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    expect(events).toEqual(['key.created', 'key.revoked']);
  });

  it('refuses a name that does not exist', async () => {
    await using place = await makePlace();
    const { code, stdout } = await place.smcp(['keys', 'revoke', 'nobody', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'NOT_FOUND',
      remedy: expect.stringContaining('smcp keys list'),
    });
  });

  it('never repeats a key that was given for a name', async () => {
    await using place = await makePlace();
    const key = (await place.smcp(['keys', 'create', 'alice', '--role', 'eng'])).stdout.trim();
    const { code, stdout, stderr } = await place.smcp(['keys', 'revoke', key]);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toContain(key.slice(13));
  });
});
