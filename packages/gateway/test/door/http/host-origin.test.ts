import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../src/config/schema.ts';
import { createEdgeRules } from '../../../src/door/http/host-origin.ts';

function rules(settings: object, host: string, loopback: boolean) {
  return createEdgeRules(configSchema.parse({ servers: {}, ...settings }), { host, loopback });
}

describe('createEdgeRules() about Host', () => {
  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1:8080', '[::1]:8080', '[::1]', 'localhost.'])(
    'answers %s on a loopback address',
    (host) => {
      expect(rules({}, '127.0.0.1', true).isHostAllowed(host)).toBe(true);
    },
  );

  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    'evil.example:8080',
    '127.0.0.1.nip.io',
    'localhost:8080:80',
    '169.254.169.254',
  ])('refuses %s on a loopback address', (host) => {
    expect(rules({}, '127.0.0.1', true).isHostAllowed(host)).toBe(false);
  });

  it('answers any name on an open address without names, but none that is missing', () => {
    const open = rules({}, '0.0.0.0', false);
    expect(open.isHostAllowed('anything.example')).toBe(true);
    expect(open.isHostAllowed(undefined)).toBe(false);
  });

  it.each([[{ allowed_hosts: ['mcp.example'] }], [{ public_url: 'https://mcp.example:8443' }]])(
    'answers only known names on an open address with %j',
    (settings) => {
      const open = rules(settings, '0.0.0.0', false);
      expect(open.isHostAllowed('MCP.example:443')).toBe(true);
      expect(open.isHostAllowed('mcp.example.')).toBe(true);
      expect(open.isHostAllowed('xmcp.example')).toBe(false);
      expect(open.isHostAllowed('mcp.example.evil')).toBe(false);
    },
  );

  it.each(['fd00::5', '::'])('answers its own IPv6 address %s, in brackets', (host) => {
    const named = rules({ allowed_hosts: ['mcp.example'] }, host, false);
    expect(named.isHostAllowed(`[${host}]:8080`)).toBe(true);
    expect(named.isHostAllowed(`[${host}]`)).toBe(true);
    expect(named.isHostAllowed('[fd00::6]')).toBe(false);
  });
});

describe('createEdgeRules() about Origin', () => {
  const edge = rules({ allowed_origins: ['https://app.example'] }, '127.0.0.1', true);

  it.each([undefined, 'https://app.example', 'HTTPS://APP.example'])('answers %s', (origin) => {
    expect(edge.isOriginAllowed(origin)).toBe(true);
  });

  it.each([
    '',
    'null',
    'http://app.example',
    'https://app.example:444',
    'https://app.example.evil',
    'https://app.example/',
    'http://localhost',
  ])('refuses %j', (origin) => {
    expect(edge.isOriginAllowed(origin)).toBe(false);
  });
});
