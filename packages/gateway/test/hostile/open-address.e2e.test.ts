import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import { listenAddress } from '../../src/config/listen-address.ts';
import { startFixture } from '../helpers/gateway-fixture.ts';
import { SECRETS } from './secrets.ts';

const LIST = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}';

/** An address of this machine that others could reach, if it has one. */
function outerAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
}

async function isReachable(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const settle = (reached: boolean): void => {
      socket.destroy();
      resolve(reached);
    };
    socket
      .once('connect', () => settle(true))
      .once('error', () => settle(false))
      .once('timeout', () => settle(false));
  });
}

describe('where the gateway listens', () => {
  it('is this machine alone unless the file says otherwise (A61)', async () => {
    expect(listenAddress(configSchema.parse({}))).toMatchObject({ host: '127.0.0.1', loopback: true });
    await using fixture = await startFixture({ roles: {} });
    const { port } = fixture.gateway.address;
    const outer = outerAddress();
    expect(await isReachable('127.0.0.1', port)).toBe(true);
    expect(outer !== undefined && (await isReachable(outer, port))).toBe(false);
  });

  it.each(['', 'Bearer x', `Bearer smcp_key_${'A'.repeat(43)}`, `Bearer ${SECRETS.alice}`, 'Basic YTpi'])(
    'is no way in at any address while nobody is registered, with the credential %j (A41) (A61)',
    async (authorization) => {
      await using fixture = await startFixture({ listen: ':0', roles: { eng: { allow: ['*:*'] } } });
      const { port } = fixture.gateway.address;
      for (const host of ['127.0.0.1', outerAddress() ?? '127.0.0.1']) {
        for (const path of ['/mcp', '/mcp/x']) {
          const answer = await fetch(`http://${host}:${port}${path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization },
            body: LIST,
          });
          expect(answer.status).toBe(401);
        }
      }
    },
  );

  it('tells nobody from elsewhere its metrics without a credential (A61)', async ({ skip }) => {
    const outer = outerAddress() ?? skip('this machine has no other address');
    await using fixture = await startFixture({ listen: ':0', roles: {} });
    const answer = await fetch(`http://${outer}:${fixture.gateway.address.port}/metrics`);
    expect(answer.status).toBe(401);
  });
});
