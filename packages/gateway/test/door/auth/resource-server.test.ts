import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../src/config/schema.ts';
import { ResourceServer, resourceUri } from '../../../src/door/auth/index.ts';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';
const ISSUER = 'https://login.example';

function resourceServer(
  base: string,
  issuers: Record<string, object> = { corp: { issuer: ISSUER } },
): ResourceServer {
  const config = configSchema.parse({
    jwt_issuers: issuers,
    servers: { github: { url: 'https://github.example', required_scopes: ['secret-scope'] } },
  });
  return new ResourceServer({ base: () => base, config: () => config });
}

describe('metadataAt()', () => {
  it.each([
    ['', 'https://gate.example'],
    ['/mcp', 'https://gate.example/mcp'],
    ['/mcp/github', 'https://gate.example/mcp/github'],
    ['/mcp/no-such-server', 'https://gate.example/mcp/no-such-server'],
  ])('describes the resource at "%s"', (endpoint, resource) => {
    expect(resourceServer('https://gate.example').metadataAt(WELL_KNOWN + endpoint)).toEqual({
      resource,
      authorization_servers: [ISSUER],
      bearer_methods_supported: ['header'],
      resource_name: 'SMCP gateway',
    });
  });

  it('lists all issuers and the scopes that every token needs, and no other', () => {
    const issuers = {
      corp: { issuer: ISSUER, required_scopes: ['mcp', 'a'] },
      partner: { issuer: 'https://partner.example/', required_scopes: ['mcp', 'b'] },
    };
    expect(
      resourceServer('https://gate.example', issuers).metadataAt(`${WELL_KNOWN}/mcp/github`),
    ).toMatchObject({
      authorization_servers: [ISSUER, 'https://partner.example/'],
      scopes_supported: ['mcp', 'a', 'b'],
    });
  });

  it.each([
    '/',
    '/mcp',
    '/.well-known',
    '/.well-known/oauth-authorization-server',
    `${WELL_KNOWN}/`,
    `${WELL_KNOWN}x`,
    `${WELL_KNOWN}/mcp/`,
    `${WELL_KNOWN}/mcp/a/b`,
    `${WELL_KNOWN}/mcp/..`,
    `${WELL_KNOWN}/mcp/%67ithub`,
    `${WELL_KNOWN}/metrics`,
    `${WELL_KNOWN}//mcp`,
    `/x${WELL_KNOWN}`,
  ])('has nothing at %s', (path) => {
    expect(resourceServer('https://gate.example').metadataAt(path)).toBeUndefined();
  });

  it('has nothing while there is no issuer', () => {
    const closed = resourceServer('https://gate.example', {});
    expect(closed.isOpen).toBe(false);
    expect(closed.metadataAt(WELL_KNOWN)).toBeUndefined();
    expect(closed.pointer('/mcp')).toEqual({});
  });

  it.each([`${WELL_KNOWN}/tools/mcp`, `${WELL_KNOWN}/mcp`])(
    'speaks of the public address behind a proxy that adds a path, at %s',
    (path) => {
      expect(resourceServer('https://gate.example/tools/').metadataAt(path)?.resource).toBe(
        'https://gate.example/tools/mcp',
      );
    },
  );
});

describe('pointer()', () => {
  it.each([
    ['https://gate.example', '/mcp', '/mcp'],
    ['https://gate.example/', '/mcp/github', '/mcp/github'],
    ['https://gate.example', '/metrics', ''],
    ['https://gate.example', '/mcp/a"b', ''],
    ['https://gate.example/tools', '/mcp', '/tools/mcp'],
  ])('leads from %s%s to its metadata', (base, path, suffix) => {
    const issuers = { corp: { issuer: ISSUER, required_scopes: ['mcp'] } };
    expect(resourceServer(base, issuers).pointer(path)).toEqual({
      scopes: ['mcp'],
      metadataUrl: `https://gate.example${WELL_KNOWN}${suffix}`,
    });
  });

  it('leads to metadata that name the resource which the client asked', () => {
    const server = resourceServer('https://gate.example/tools');
    const { metadataUrl = '' } = server.pointer('/mcp/github');
    const { pathname } = new URL(metadataUrl);
    expect(server.metadataAt(pathname)?.resource).toBe('https://gate.example/tools/mcp/github');
  });
});

describe('stepUp()', () => {
  it('makes the challenge of a call that lacks scopes', () => {
    const challenge = resourceServer('https://gate.example').stepUp('/mcp', { scopes: ['mcp'] }, [
      'github:write',
    ]);
    expect(challenge).toBe(
      `Bearer realm="smcp", error="insufficient_scope", scope="github:write mcp", resource_metadata="https://gate.example${WELL_KNOWN}/mcp"`,
    );
  });
});

describe('resourceUri()', () => {
  it.each([
    ['https://gate.example', '', 'https://gate.example'],
    ['HTTPS://Gate.Example:443/', '/mcp', 'https://gate.example/mcp'],
    ['http://127.0.0.1:8080', '/mcp', 'http://127.0.0.1:8080/mcp'],
    ['https://gate.example/tools/', '', 'https://gate.example/tools'],
  ])('writes %s and "%s" in one way', (base, endpoint, uri) => {
    expect(resourceUri(base, endpoint)).toBe(uri);
  });
});
