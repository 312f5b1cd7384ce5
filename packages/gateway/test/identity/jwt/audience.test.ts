import { describe, expect, it } from 'vitest';
import { isForUs } from '../../../src/identity/jwt/audience.ts';

const BASE = 'https://gate.example';
const none = new Set<string>();

describe('isForUs()', () => {
  it.each([
    ['the gateway', BASE, '/mcp/github'],
    ['the gateway with a slash', `${BASE}/`, '/mcp'],
    ['the endpoint', `${BASE}/mcp/github`, '/mcp/github'],
    ['the endpoint of all servers', `${BASE}/mcp`, '/mcp'],
    ['what lies above the endpoint', `${BASE}/mcp`, '/mcp/github'],
    ['the gateway, without a path', BASE, undefined],
  ])('accepts %s', (_name, audience, path) => {
    expect(isForUs([audience], none, BASE, path)).toBe(true);
    expect(isForUs(['https://other.example', audience], none, BASE, path)).toBe(true);
    expect(isForUs([audience], none, `${BASE}/`, path)).toBe(true);
  });

  it.each([
    ['nobody', undefined, '/mcp'],
    ['an empty text', '', '/mcp'],
    ['a slash', '/', '/mcp'],
    ['another gateway', 'https://other.example', '/mcp'],
    ['another endpoint', `${BASE}/mcp/github`, '/mcp/slack'],
    ['a narrower endpoint', `${BASE}/mcp/github`, '/mcp'],
    ['an endpoint with a longer name', `${BASE}/mcp/git`, '/mcp/github'],
    ['an endpoint, where there is no path', `${BASE}/mcp`, undefined],
    ['a host that begins alike', `${BASE}.evil.example`, '/mcp'],
    ['a beginning of the host', 'https://gate', '/mcp'],
    ['another scheme', 'http://gate.example', '/mcp'],
    ['another case', 'https://GATE.example', '/mcp'],
    ['another port', `${BASE}:8443`, '/mcp'],
    ['a path with two slashes', `${BASE}//`, '/mcp'],
    ['a query', `${BASE}/mcp?x`, '/mcp'],
  ])('refuses %s (A42)', (_name, audience, path) => {
    expect(isForUs(audience === undefined ? [] : [audience], none, BASE, path)).toBe(false);
  });

  it('accepts what the configuration names, exactly', () => {
    const accepted = new Set(['api://smcp', 'client-7']);
    expect(isForUs(['client-7'], accepted, BASE, '/mcp')).toBe(true);
    expect(isForUs(['api://smcp/'], accepted, BASE, '/mcp')).toBe(false);
    expect(isForUs(['Client-7'], accepted, BASE, '/mcp')).toBe(false);
  });

  it('knows a gateway below a path', () => {
    const base = `${BASE}/tools`;
    expect(isForUs([base], none, base, '/mcp')).toBe(true);
    expect(isForUs([`${base}/mcp`], none, base, '/mcp')).toBe(true);
    expect(isForUs([BASE], none, base, '/mcp')).toBe(false);
    expect(isForUs([`${BASE}/mcp`], none, base, '/mcp')).toBe(false);
  });
});
