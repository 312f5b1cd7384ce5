import { chmod, readFile, stat } from 'node:fs/promises';
import { verifyDelegationChain } from '@smcp/protocol';
import { describe, expect, it } from 'vitest';
import { makePlace, type Place } from '../run-cli.ts';

const AUDIENCE = 'https://gate.example';

async function makeKey(
  place: Place,
  name: string,
): Promise<{ readonly file: string; readonly publicKey: string }> {
  const file = place.file(name);
  const { stdout } = await place.smcp(['delegation', 'keygen', '--out', file]);
  return { file, publicKey: stdout.trim() };
}

function link(key: string, from: string, to: string, ...more: readonly string[]): readonly string[] {
  return [
    'delegation',
    'create',
    '--key',
    key,
    '--from',
    from,
    '--to',
    to,
    '--audience',
    AUDIENCE,
    '--scope',
    'github:read_*',
    '--ttl',
    '10m',
    ...more,
  ];
}

describe('smcp delegation keygen', () => {
  it('writes the private key for its owner alone and prints the public one', async () => {
    await using place = await makePlace();
    const { file, publicKey } = await makeKey(place, 'alice.jwk');
    const key = JSON.parse(await readFile(file, 'utf8'));
    expect(key).toEqual({ kty: 'OKP', crv: 'Ed25519', x: publicKey, d: expect.stringMatching(/^.{43}$/) });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('never shows the private key', async () => {
    await using place = await makePlace();
    const { stdout, stderr } = await place.smcp([
      'delegation',
      'keygen',
      '--out',
      place.file('k.jwk'),
      '--json',
    ]);
    const { d } = JSON.parse(await readFile(place.file('k.jwk'), 'utf8'));
    expect(stdout + stderr).not.toContain(d);
  });

  it('never writes over a file', async () => {
    await using place = await makePlace();
    const { file } = await makeKey(place, 'alice.jwk');
    const before = await readFile(file, 'utf8');
    const { code, stdout } = await place.smcp(['delegation', 'keygen', '--out', file, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error.code).toBe('FILE_EXISTS');
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  it('says that the folder does not exist', async () => {
    await using place = await makePlace();
    const { code, stderr } = await place.smcp(['delegation', 'keygen', '--out', place.file('nope/k')]);
    expect(code).toBe(1);
    expect(stderr).toContain(`The folder ${place.file('nope')} does not exist`);
  });
});

describe('smcp delegation create', () => {
  it.each(['1h', '60m', '3600s'])('signs for %s, the longest that gateways accept', async (ttl) => {
    await using place = await makePlace();
    const { file, publicKey } = await makeKey(place, 'alice.jwk');
    const { code, stdout } = await place.smcp([...link(file, 'key:alice', 'agent:bot'), '--ttl', ttl]);
    expect(code).toBe(0);
    const result = await verifyDelegationChain(stdout.trim(), {
      audience: AUDIENCE,
      presenter: 'agent:bot',
      nowSeconds: Math.floor(Date.now() / 1000),
      keyOf: async () => publicKey,
    });
    expect(result).toMatchObject({ ok: true });
  });

  it('says why a longer life is refused, and signs nothing', async () => {
    await using place = await makePlace();
    const { file } = await makeKey(place, 'alice.jwk');
    const ran = await place.smcp([...link(file, 'key:alice', 'agent:bot'), '--ttl', '2h']);
    expect(ran).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'smcp: --ttl must be at most 1h: gateways refuse a delegation that counts for more than 3600 seconds\n',
    });
  });

  it('signs a chain that the gateway accepts, link after link [S1-48]', async () => {
    await using place = await makePlace();
    const alice = await makeKey(place, 'alice.jwk');
    const planner = await makeKey(place, 'planner.jwk');
    const first = (
      await place.smcp(link(alice.file, 'key:alice', 'agent:planner', '--max-depth', '1'))
    ).stdout.trim();
    const second = await place.smcp([
      ...link(planner.file, 'agent:planner', 'agent:bot'),
      '--chain',
      first,
      '--ttl',
      '5m',
      '--json',
    ]);
    const { header, value } = JSON.parse(second.stdout);
    expect(header).toBe('X-SMCP-Delegation-Chain');
    const result = await verifyDelegationChain(value, {
      audience: AUDIENCE,
      presenter: 'agent:bot',
      nowSeconds: Math.floor(Date.now() / 1000),
      keyOf: async (id) =>
        new Map([
          ['key:alice', alice.publicKey],
          ['agent:planner', planner.publicKey],
        ]).get(id),
    });
    expect(result).toMatchObject({ ok: true });
  });

  it.each([
    ['a delegation to oneself', ['--to', 'key:alice'], 'DELEGATION_LOOP'],
    ['a scope without colon', ['--scope', 'github'], 'DELEGATION_MALFORMED'],
    ['a chain that is none', ['--chain', 'nonsense'], 'DELEGATION_MALFORMED'],
  ])('refuses %s', async (_what, options, error) => {
    await using place = await makePlace();
    const { file } = await makeKey(place, 'alice.jwk');
    const { code, stdout } = await place.smcp([
      ...link(file, 'key:alice', 'agent:bot'),
      ...options,
      '--json',
    ]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error.code).toBe(error);
  });

  it('refuses to continue a chain that ends at somebody else, or that allows no more [S1-12]', async () => {
    await using place = await makePlace();
    const { file } = await makeKey(place, 'alice.jwk');
    const chain = (await place.smcp(link(file, 'key:alice', 'agent:planner'))).stdout.trim();
    const stranger = await place.smcp([
      ...link(file, 'agent:stranger', 'agent:bot'),
      '--chain',
      chain,
      '--json',
    ]);
    expect(JSON.parse(stranger.stdout).error.code).toBe('DELEGATION_BROKEN');
    const deeper = await place.smcp([
      ...link(file, 'agent:planner', 'agent:bot'),
      '--chain',
      chain,
      '--ttl',
      '1m',
      '--json',
    ]);
    expect(JSON.parse(deeper.stdout).error.code).toBe('DELEGATION_DEPTH');
  });

  it('refuses a key that others may read, and a file that is no key', async () => {
    await using place = await makePlace();
    const { file } = await makeKey(place, 'alice.jwk');
    await chmod(file, 0o644);
    const open = await place.smcp([...link(file, 'key:alice', 'agent:bot'), '--json']);
    expect(JSON.parse(open.stdout).error).toMatchObject({
      code: 'FILE_INSECURE',
      remedy: `run: chmod 600 ${file}`,
    });
    for (const text of [
      '',
      '{}',
      '[]',
      'null',
      '{"kty":"OKP","crv":"Ed25519","x":"short","d":"short"}',
      '{"kty":"RSA"}',
    ]) {
      const other = await place.write('other.jwk', text);
      const ran = await place.smcp([...link(other, 'key:alice', 'agent:bot'), '--json']);
      expect([text, JSON.parse(ran.stdout).error.code]).toEqual([text, 'INPUT_INVALID']);
    }
  });

  it.each([
    ['--ttl', 'forever'],
    ['--ttl', '2h'],
    ['--ttl', '61m'],
    ['--ttl', '3601s'],
    ['--max-depth', '99'],
  ])('refuses %s %s', async (option, value) => {
    await using place = await makePlace();
    const { file } = await makeKey(place, 'alice.jwk');
    const { code, stderr } = await place.smcp([...link(file, 'key:alice', 'agent:bot'), option, value]);
    expect(code).toBe(2);
    expect(stderr).toContain(`smcp: ${option} must be`);
  });
});
