import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFixture, type GatewayFixture } from '../helpers/gateway-fixture.ts';
import { readFolder } from './search-state.ts';
import { findSecrets, SECRETS } from './secrets.ts';

const ALLOWED_FAILURES = 5;

let fixture: GatewayFixture;

beforeAll(async () => {
  fixture = await startFixture(
    {
      api_keys: [
        { name: 'alice', key: '${ALICE}', role: 'eng' },
        { name: 'bob', key: '${BOB}', role: 'eng' },
      ],
      roles: { eng: {} },
      limits: { auth_failures: { calls: `${ALLOWED_FAILURES}/h` } },
    },
    { ALICE: SECRETS.alice, BOB: SECRETS.bob },
  );
});

afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

async function login(headers: Record<string, string>): Promise<Response> {
  return await fetch(`${fixture.gateway.url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}',
  });
}

const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });

describe('failed logins', () => {
  it('are refused after a few from one source, while a key that worked there goes on (A58) [S1-57]', async () => {
    expect((await login(bearer(SECRETS.alice))).status).toBe(200);
    for (let attempt = 0; attempt < ALLOWED_FAILURES; attempt += 1) {
      expect((await login(bearer(`smcp_key_${String(attempt).padEnd(43, 'x')}`))).status).toBe(401);
    }
    const refused = await login(bearer(`smcp_key_${'y'.repeat(43)}`));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(3600 / ALLOWED_FAILURES);
    expect(await refused.json()).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: 42901, message: 'Too many failed attempts; try again later' },
    });
    expect((await login(bearer(SECRETS.alice))).status).toBe(200);
  });

  it.each([
    [
      'a forwarded address that nobody vouches for',
      { ...bearer('nonsense'), 'x-forwarded-for': '192.0.2.1' },
    ],
    [
      'another forwarded address',
      { ...bearer('nonsense'), forwarded: 'for=192.0.2.2', 'x-real-ip': '192.0.2.2' },
    ],
    ['a key that is good but never worked here', bearer(SECRETS.bob)],
    ['a malformed token', { authorization: 'Basic nonsense' }],
  ])('are not let through by %s (A55, A58)', async (_name, headers) => {
    expect((await login(headers)).status).toBe(429);
  });

  it('do not count a request without any credential', async () => {
    expect((await login({})).status).toBe(401);
  });

  it('leave a log and records without the tokens tried', async () => {
    const tried = new Map([
      ['alice', SECRETS.alice],
      ['bob', SECRETS.bob],
    ]);
    expect(fixture.log()).toContain('"code":"AUTH_UNKNOWN"');
    expect(findSecrets(fixture.log(), tried)).toEqual([]);
    for (const [, text] of await readFolder(fixture.foundation.home.path)) {
      expect(findSecrets(text, tried)).toEqual([]);
      expect(text).not.toContain('yyyyyyyyyy');
    }
  });
});
