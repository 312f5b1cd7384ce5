import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makePlace } from '../run-cli.ts';

const HASH = `sha256:${'ab'.repeat(32)}`;

describe('smcp agents create', () => {
  it('registers code hash, depth and delegators, and prints the token once [S1-07] [S1-25] [S1-26]', async () => {
    await using place = await makePlace();
    const { code, stdout } = await place.smcp([
      'agents',
      'create',
      'bot',
      '--role',
      'ci',
      '--code-hash',
      HASH,
      '--max-delegation-depth',
      '2',
      '--allowed-delegator',
      'key:alice',
      'agent:planner',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^smcp_agent_[A-Za-z0-9_-]{43}\n$/);
    const listed = JSON.parse((await place.smcp(['agents', 'list', '--json'])).stdout);
    expect(listed.agents).toMatchObject([
      {
        id: 'agent:bot',
        codeHash: HASH,
        maxDelegationDepth: 2,
        allowedDelegators: ['key:alice', 'agent:planner'],
        roles: ['ci'],
      },
    ]);
    expect(listed.agents[0]).not.toHaveProperty('hash');
  });

  it('hashes the code itself', async () => {
    await using place = await makePlace();
    const file = await place.write('bot.mjs', 'run();');
    const { stdout } = await place.smcp([
      'agents',
      'create',
      'bot',
      '--role',
      'ci',
      '--code',
      file,
      '--json',
    ]);
    expect(JSON.parse(stdout).codeHash).toBe(`sha256:${createHash('sha256').update('run();').digest('hex')}`);
  });

  it.each([
    ['no code at all', [], 'USAGE'],
    ['both forms of code', ['--code-hash', HASH, '--code', '/etc/hostname'], 'USAGE'],
    ['a hash in capitals', ['--code-hash', HASH.toUpperCase()], 'IDENTITY_INVALID'],
    ['a depth beyond 16', ['--code-hash', HASH, '--max-delegation-depth', '17'], 'USAGE'],
    [
      'a delegator that is no principal',
      ['--code-hash', HASH, '--allowed-delegator', 'alice'],
      'IDENTITY_INVALID',
    ],
  ])('refuses %s', async (_what, options, error) => {
    await using place = await makePlace();
    const { code, stdout } = await place.smcp([
      'agents',
      'create',
      'bot',
      '--role',
      'ci',
      ...options,
      '--json',
    ]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error.code).toBe(error);
    expect((await place.smcp(['agents', 'list'])).stdout).toBe('There are no agents in the store\n');
  });

  it('refuses a role that the named configuration does not have, and registers nothing', async () => {
    await using place = await makePlace();
    const config = await place.write('smcp.yaml', 'roles: { developer: {} }');
    const args = ['agents', 'create', 'bot', '--role', 'develper', '--code-hash', HASH, '--config', config];
    const { code, stdout, stderr } = await place.smcp(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('did you mean "developer"?');
    expect((await place.smcp(['agents', 'list'])).stdout).toBe('There are no agents in the store\n');
  });

  it('refuses code that is not there', async () => {
    await using place = await makePlace();
    const { code, stderr } = await place.smcp([
      'agents',
      'create',
      'bot',
      '--role',
      'ci',
      '--code',
      '/nowhere/bot',
    ]);
    expect(code).toBe(1);
    expect(stderr).toBe('smcp: /nowhere/bot does not exist\n');
  });
});

describe('smcp agents revoke', () => {
  it('revokes an agent and leaves a key of the same name', async () => {
    await using place = await makePlace();
    await place.smcp(['keys', 'create', 'bot', '--role', 'ci']);
    await place.smcp(['agents', 'create', 'bot', '--role', 'ci', '--code-hash', HASH]);
    expect((await place.smcp(['agents', 'revoke', 'bot'])).stdout).toContain('Revoked agent:bot');
    expect(JSON.parse((await place.smcp(['agents', 'list', '--json'])).stdout).agents[0].state).toBe(
      'revoked',
    );
    expect(JSON.parse((await place.smcp(['keys', 'list', '--json'])).stdout).keys[0].state).toBe('active');
  });
});

describe('smcp agents hash', () => {
  it('prints what create would register', async () => {
    await using place = await makePlace();
    const file = await place.write('bot.mjs', 'run();');
    const { stdout } = await place.smcp(['agents', 'hash', file]);
    const made = JSON.parse(
      (await place.smcp(['agents', 'create', 'bot', '--role', 'ci', '--code', file, '--json'])).stdout,
    );
    expect(stdout).toBe(`${made.codeHash}\n`);
  });
});
