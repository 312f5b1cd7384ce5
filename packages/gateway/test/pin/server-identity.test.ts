import { describe, expect, it } from 'vitest';
import { identityChange, identityOf, identityText, ifIdentity } from '../../src/pin/server-identity.ts';
import { serverConfig } from '../fixtures/server-config.ts';

const INFO = { name: 'files', version: '1.0.0' };
const PROGRAM = { command: 'npx', args: ['-y', 'files@1.0.0'] };
const of = (settings: object, folder = '/srv', info: object = INFO) =>
  identityOf(serverConfig(settings), folder, info as Parameters<typeof identityOf>[2]);

describe('identityOf()', () => {
  it('is what is configured and what the server says', () => {
    expect(of(PROGRAM)).toEqual({
      where: 'npx',
      config: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      name: 'files',
      version: '1.0.0',
    });
    expect(of({ url: 'https://mcp.example.com/files?team=a' }).where).toBe('https://mcp.example.com');
  });

  it.each([
    ['another program', { ...PROGRAM, command: 'bunx' }],
    ['another version of the package', { ...PROGRAM, args: ['-y', 'files@1.0.1'] }],
    ['an argument more', { ...PROGRAM, args: ['-y', 'files@1.0.0', '--all'] }],
    ['arguments cut in another way', { ...PROGRAM, args: ['-y files@1.0.0'] }],
    ['another working folder', { ...PROGRAM, cwd: '/tmp' }],
    ['an address instead', { url: 'https://mcp.example.com' }],
  ])('differs with %s (A11)', (_, settings) => {
    expect(of(settings).config).not.toBe(of(PROGRAM).config);
  });

  it('differs with another path of an address, and with another folder of the configuration (A11)', () => {
    expect(of({ url: 'https://a.example/x' }).config).not.toBe(of({ url: 'https://a.example/y' }).config);
    expect(of(PROGRAM, '/a').config).not.toBe(of(PROGRAM, '/b').config);
  });

  it.each([
    { credentials: { env: { KEY: 'secret' } } },
    { env: { LEVEL: 'debug' } },
    { scope: 'session' },
    { timeout_seconds: 5 },
    { pinning: { mode: 'operator' } },
  ])('is the same with %j', (more) => {
    expect(of({ ...PROGRAM, ...more })).toEqual(of(PROGRAM));
  });

  it('holds no secret of an address', () => {
    const text = identityText(of({ url: 'https://u:hunter2@a.example/key-hunter2?t=hunter2' }));
    expect(text).not.toContain('hunter2');
  });

  it.each([{}, { name: 7, version: null }])('takes %j for a server that does not say', (info) => {
    expect(of(PROGRAM, '/srv', info)).toMatchObject({ name: '', version: '' });
  });

  it('bounds what a server says, and still tells two long names apart', () => {
    const long = (end: string) => of(PROGRAM, '/srv', { name: 'x'.repeat(100_000) + end, version: '1' }).name;
    expect(long('a').length).toBeLessThan(256);
    expect(long('a')).not.toBe(long('b'));
  });
});

describe('ifIdentity()', () => {
  it('reads what identityText() wrote', () => {
    expect(ifIdentity(identityText(of(PROGRAM)))).toEqual(of(PROGRAM));
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"name":"a","version":"1","config":"x"}',
    '{"name":1,"version":"1","config":"x","where":"y"}',
  ])('takes %j for none', (text) => {
    expect(ifIdentity(text)).toBeUndefined();
  });
});

describe('identityChange()', () => {
  const pinned = of(PROGRAM);
  it.each([
    [{}, undefined],
    [{ version: '1.0.1' }, 'version_changed'],
    [{ version: '0.9.0' }, 'version_changed'],
    [{ name: 'Files' }, 'server_renamed'],
    [{ name: 'x', version: '2' }, 'server_renamed'],
    [{ config: 'sha256:x' }, 'server_changed'],
    [{ config: 'sha256:x', name: 'x', version: '2' }, 'server_changed'],
  ] as const)('calls %j %s (A11)', (change, expected) => {
    expect(identityChange(pinned, { ...pinned, ...change })).toBe(expected);
  });

  it('takes a pinned identity that cannot be read for another', () => {
    expect(identityChange(undefined, pinned)).toBe('server_changed');
  });
});
