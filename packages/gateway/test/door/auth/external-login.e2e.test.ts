import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ClientCredentialsProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAudit, type AuditRecord } from '../../../src/audit/index.ts';
import type { ResourceMetadata } from '../../../src/door/auth/index.ts';
import { referenceServer, startFixture, type GatewayFixture } from '../../helpers/gateway-fixture.ts';
import { RawClient } from '../../helpers/mcp-client.ts';
import { openIdProvider, PROVIDER_SECRET, type OpenIdProvider } from './openid-provider.ts';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';
const NOT_VALID = 'The credential is not valid (expired or unknown)';

let provider: OpenIdProvider;
let fixture: GatewayFixture;

const config = (issuer: object = {}): Record<string, unknown> => ({
  servers: {
    everything: referenceServer('everything', 'stdio'),
    hidden: referenceServer('memory'),
  },
  roles: { eng: { allow: ['everything:*'] } },
  limits: { auth_failures: { calls: '1000/min' } },
  jwt_issuers: {
    corp: { issuer: provider.issuer, roles: { engineers: 'eng' }, required_scopes: ['mcp'], ...issuer },
  },
});

beforeAll(async () => {
  provider = await openIdProvider('mcp tools:write');
  fixture = await startFixture(config());
});

afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

/** Tokens of the provider for this gateway, with the scope that it needs. */
const tokenFor = async (
  path: string,
  more: { client?: 'ada' | 'bob'; scope?: string } = {},
): Promise<string> => await provider.token({ resource: fixture.gateway.url + path, scope: 'mcp', ...more });

const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
});

async function initialize(path: string, authorization?: string): Promise<Response> {
  return await fetch(fixture.gateway.url + path, {
    method: 'POST',
    body: INITIALIZE,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(authorization === undefined ? {} : { authorization }),
    },
  });
}

const get = async (path: string, init: RequestInit = {}): Promise<Response> =>
  await fetch(fixture.gateway.url + path, init);

async function records(): Promise<AuditRecord[]> {
  const found: AuditRecord[] = [];
  for await (const record of readAudit({ directory: fixture.foundation.home.file('audit'), filter: {} })) {
    found.push(record);
  }
  return found;
}

describe('a client that knows nothing but the address', () => {
  it('is led from the refusal to a token that works (A39)', async () => {
    const refused = await initialize('/mcp/everything');
    expect(refused.status).toBe(401);
    const challenge = refused.headers.get('www-authenticate') ?? '';
    expect(challenge).toBe(
      `Bearer realm="smcp", scope="mcp", resource_metadata="${fixture.gateway.url}${WELL_KNOWN}/mcp/everything"`,
    );

    const [, metadataUrl = ''] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
    const metadata = (await (await fetch(metadataUrl)).json()) as ResourceMetadata;
    expect(metadata).toEqual({
      resource: `${fixture.gateway.url}/mcp/everything`,
      authorization_servers: [provider.issuer],
      scopes_supported: ['mcp'],
      bearer_methods_supported: ['header'],
      resource_name: 'SMCP gateway',
    });

    const token = await provider.token({ resource: metadata.resource, scope: 'mcp' });
    const client = new RawClient(metadata.resource, token);
    expect((await client.connect()).status).toBe(200);
    const { result } = await client.callTool('echo', { message: 'hello ada' });
    expect(JSON.stringify(result)).toContain('hello ada');
  });

  it('is led there by the official SDK, which does all of it by itself', async () => {
    const authProvider = new ClientCredentialsProvider({
      clientId: 'ada',
      clientSecret: PROVIDER_SECRET,
      scope: 'mcp',
    });
    const transport = new StreamableHTTPClientTransport(new URL(`${fixture.gateway.url}/mcp`), {
      authProvider,
    });
    const client = new Client({ name: 'official', version: '1' });
    await client.connect(transport);
    const result = await client.callTool({ name: 'everything_echo', arguments: { message: 'by itself' } });
    expect(JSON.stringify(result)).toContain('by itself');
    await client.close();
  });
});

describe('a token of the provider', () => {
  it('is recorded with its user, and never itself', async () => {
    const token = await tokenFor('/mcp');
    const client = new RawClient(`${fixture.gateway.url}/mcp`, token);
    await client.connect();
    await client.callTool('everything_echo', { message: token });
    const all = JSON.stringify(await records());
    expect(all).toContain('"user:corp:ada"');
    expect(all).not.toContain(token);
    expect(fixture.log()).not.toContain(token);
  });

  it('for the gateway as a whole works at every endpoint', async () => {
    const bearer = `Bearer ${await tokenFor('')}`;
    expect((await initialize('/mcp', bearer)).status).toBe(200);
    expect((await initialize('/mcp/everything', bearer)).status).toBe(200);
  });

  it('for one endpoint works at no other (A42)', async () => {
    const bearer = `Bearer ${await tokenFor('/mcp/everything')}`;
    expect((await initialize('/mcp/everything', bearer)).status).toBe(200);
    expect((await initialize('/mcp', bearer)).status).toBe(401);
    expect((await initialize('/mcp/hidden', bearer)).status).toBe(401);
  });

  it('for another service is refused, with a way to the right one (A42)', async () => {
    const token = await provider.token({ resource: 'https://other.example/mcp', scope: 'mcp' });
    const refused = await initialize('/mcp', `Bearer ${token}`);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe(
      `Bearer realm="smcp", error="invalid_token", error_description="${NOT_VALID}", scope="mcp", resource_metadata="${fixture.gateway.url}${WELL_KNOWN}/mcp"`,
    );
    expect(await refused.json()).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: 40101, message: NOT_VALID },
    });
    expect(await records()).toContainEqual(
      expect.objectContaining({
        entry: expect.objectContaining({ type: 'auth', code: 'AUTH_UNKNOWN' }) as unknown,
      }),
    );
    expect(fixture.log()).toContain('issuer corp: made for another audience');
  });

  it('without the scope that every token needs is asked to step up (A49)', async () => {
    const token = await tokenFor('/mcp', { scope: 'tools:write' });
    const refused = await initialize('/mcp', `Bearer ${token}`);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toBe(
      `Bearer realm="smcp", error="insufficient_scope", scope="mcp", resource_metadata="${fixture.gateway.url}${WELL_KNOWN}/mcp"`,
    );
    expect(await refused.json()).toMatchObject({ error: { code: 40302 } });
  });

  it('whose groups give no role sees nothing (A41)', async () => {
    const token = await tokenFor('', { client: 'bob' });
    expect((await initialize('/mcp/everything', `Bearer ${token}`)).status).toBe(404);
    const refused = await initialize('/mcp/no-such-server', `Bearer ${token}`);
    expect(refused.status).toBe(404);
  });

  it('changed by one character is refused (A42)', async () => {
    const token = await tokenFor('/mcp');
    const [header, , signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'root' })).toString('base64url');
    expect((await initialize('/mcp', `Bearer ${token}`)).status).toBe(200);
    expect((await initialize('/mcp', `Bearer ${header}.${forged}.${signature}`)).status).toBe(401);
  });

  it('in the query is no token, and is written nowhere (A39)', async () => {
    const token = await tokenFor('/mcp');
    for (const name of ['access_token', 'token', 'authorization', 'bearer_token']) {
      const refused = await initialize(`/mcp?${name}=${token}`);
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).not.toContain('invalid_token');
    }
    expect(fixture.log()).not.toContain(token);
  });

  it('works in the header whatever the query says, at the endpoint of the path', async () => {
    const bearer = `Bearer ${await tokenFor('/mcp/everything')}`;
    expect((await initialize('/mcp/everything?access_token=x', bearer)).status).toBe(200);
    expect((await initialize('/mcp?/mcp/everything', bearer)).status).toBe(401);
  });
});

describe('the metadata', () => {
  it.each(['', '/mcp', '/mcp/everything', '/mcp/hidden', '/mcp/no-such-server'])(
    'at "%s" is public, may be kept and is the same whether that exists',
    async (endpoint) => {
      const answer = await get(WELL_KNOWN + endpoint, { headers: { origin: 'https://any.example' } });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      const { resource, ...rest } = (await answer.json()) as ResourceMetadata;
      expect(resource).toBe(fixture.gateway.url + endpoint);
      expect(rest).toEqual({
        authorization_servers: [provider.issuer],
        scopes_supported: ['mcp'],
        bearer_methods_supported: ['header'],
        resource_name: 'SMCP gateway',
      });
    },
  );

  it('answers the question that a browser asks first', async () => {
    const headers = {
      origin: 'https://any.example',
      'access-control-request-headers': 'mcp-protocol-version',
    };
    const answer = await get(`${WELL_KNOWN}/mcp`, { method: 'OPTIONS', headers });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-headers')).toBe('*');
  });

  it('can only be read', async () => {
    const answer = await get(`${WELL_KNOWN}/mcp`, { method: 'POST', body: '{}' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    const head = await get(`${WELL_KNOWN}/mcp`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('does not open anything else to foreign pages', async () => {
    for (const path of ['/mcp', '/healthz', `${WELL_KNOWN}/metrics`, `${WELL_KNOWN}/../mcp`]) {
      expect((await get(path, { headers: { origin: 'https://any.example' } })).status).toBe(403);
    }
  });

  it('never says what the request says', async () => {
    const answer = await get(`${WELL_KNOWN}/mcp`, {
      headers: {
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
        forwarded: 'host=evil.example',
      },
    });
    expect(await answer.text()).not.toContain('evil');
  });
});

describe('the gateway without issuers', () => {
  it('has no metadata and challenges as ever', async () => {
    await using closed = await startFixture({});
    expect((await fetch(`${closed.gateway.url}${WELL_KNOWN}/mcp`)).status).toBe(404);
    expect((await fetch(`${closed.gateway.url}${WELL_KNOWN}`)).status).toBe(404);
    const refused = await fetch(`${closed.gateway.url}/mcp`, { method: 'POST' });
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="smcp"');
  });
});

describe('the gateway with a public address', () => {
  it('speaks of that address, and takes tokens for no other', async () => {
    await using open = await startFixture({ ...config(), public_url: 'https://gate.example/tools/' });
    const answer = await fetch(`${open.gateway.url}${WELL_KNOWN}/tools/mcp`);
    expect(((await answer.json()) as ResourceMetadata).resource).toBe('https://gate.example/tools/mcp');
    const connect = async (resource: string): Promise<number> => {
      const token = await provider.token({ resource, scope: 'mcp' });
      return (await new RawClient(`${open.gateway.url}/mcp`, token).connect()).status;
    };
    expect(await connect('https://gate.example/tools/mcp')).toBe(200);
    expect(await connect('https://gate.example/tools')).toBe(200);
    await expect(connect(`${open.gateway.url}/mcp`)).resolves.toBe(401);
  });
});

describe('the provider', () => {
  it('may change its key: new tokens work at once', async () => {
    const before = await tokenFor('/mcp');
    expect((await initialize('/mcp', `Bearer ${before}`)).status).toBe(200);
    await provider.rotate();
    const after = await tokenFor('/mcp');
    expect((await initialize('/mcp', `Bearer ${after}`)).status).toBe(200);
  });

  it('may go away: who has a token goes on, and a gateway that knows no key says so', async () => {
    const token = await tokenFor('');
    expect((await initialize('/mcp', `Bearer ${token}`)).status).toBe(200);
    await using fresh = await startFixture({ ...config(), public_url: fixture.gateway.url });
    provider.setDown(true);
    try {
      expect((await initialize('/mcp', `Bearer ${token}`)).status).toBe(200);
      const refused = await fetch(`${fresh.gateway.url}/mcp`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await refused.json()).toMatchObject({ error: { code: 50301 } });
      expect(fresh.log()).toContain('the keys of an issuer could not be fetched');
    } finally {
      provider.setDown(false);
    }
  });

  it('may be taken out of the configuration: open streams end, and tokens with them (A50)', async () => {
    await using own = await startFixture({ ...config(), public_url: 'https://gate.example' });
    const token = await provider.token({ resource: 'https://gate.example', scope: 'mcp' });
    const client = new RawClient(`${own.gateway.url}/mcp`, token);
    await client.connect();
    const stream = await client.stream(AbortSignal.timeout(20_000));
    expect(own.gateway.health().sessions).toBe(1);

    await own.write({
      listen: '127.0.0.1:0',
      ...config(),
      public_url: 'https://gate.example',
      jwt_issuers: {},
    });
    await own.gateway.reload();
    // The stream ends by itself; without that the signal above would fail the test.
    await stream.text();
    expect(own.gateway.health().sessions).toBe(0);
    expect((await client.post({ jsonrpc: '2.0', id: 2, method: 'ping' })).status).toBe(401);
  });

  it('may give a token that ends: the session ends with it (A50)', async () => {
    const short = await openIdProvider('mcp', 2);
    try {
      await using own = await startFixture({
        ...config({ issuer: short.issuer, clock_tolerance_seconds: 0 }),
        public_url: 'https://gate.example',
      });
      const token = await short.token({ resource: 'https://gate.example', scope: 'mcp' });
      const client = new RawClient(`${own.gateway.url}/mcp`, token);
      expect((await client.connect()).status).toBe(200);
      const stream = await client.stream(AbortSignal.timeout(20_000));
      await stream.text();
      expect(own.gateway.health().sessions).toBe(0);
      const renewed = await short.token({ resource: 'https://gate.example', scope: 'mcp' });
      expect((await new RawClient(`${own.gateway.url}/mcp`, renewed).connect()).status).toBe(200);
    } finally {
      await short[Symbol.asyncDispose]();
    }
  });
});
