import { describe, expect, it } from 'vitest';
import { createPageRule } from '../../../src/gate/questions/page-hosts.ts';

const OWN = 'https://mcp.example.com:8443/mcp';

describe('createPageRule()', () => {
  it.each([
    'https://mcp.example.com/login',
    'https://mcp.example.com:444/login?x=1#y',
    'https://MCP.EXAMPLE.com/login',
    'https://mcp.example.com./login',
    'https://login.example.org/',
    'https://a.pages.example.net/',
    'https://a.b.pages.example.net/',
  ])('lets a user go to %s', (url) => {
    expect(createPageRule(OWN, ['login.example.org', '*.pages.example.net'])(url)).toBe(true);
  });

  it.each([
    'http://mcp.example.com/login',
    'https://example.com/',
    'https://evil.example/',
    'https://mcp.example.com.evil.example/',
    'https://evilmcp.example.com/',
    'https://x.login.example.org/',
    'https://pages.example.net/',
    'https://evilpages.example.net/',
    'https://mcp.example.com@evil.example/',
    'https://user:pw@mcp.example.com/',
    'https://mcp.example.com\\@evil.example/',
    'https://mcp.exаmple.com/',
    'javascript:alert(1)//https://mcp.example.com/',
    'data:text/html,x',
    'file:///etc/passwd',
    '//mcp.example.com/',
    'mcp.example.com',
    '',
  ])('does not let a user go to %s (A21) (A69)', (url) => {
    expect(createPageRule(OWN, ['login.example.org', '*.pages.example.net'])(url)).toBe(false);
  });

  it.each([undefined, null, 5, {}, ['https://mcp.example.com/']])('refuses %j', (url) => {
    expect(createPageRule(OWN, [])(url)).toBe(false);
  });

  it('lets users of a process go nowhere by itself', () => {
    expect(createPageRule(undefined, [])('https://mcp.example.com/')).toBe(false);
    expect(createPageRule(undefined, ['mcp.example.com'])('https://mcp.example.com/')).toBe(true);
  });
});
