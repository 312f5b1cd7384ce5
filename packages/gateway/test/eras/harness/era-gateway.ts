import { startFixture, type GatewayFixture } from '../../helpers/gateway-fixture.ts';
import { CONSENT_URL } from '../server/texts.ts';
import { serverCommand, startHttpServer } from './server-process.ts';
import type { Way } from './ways.ts';

export const KEY = 'smcp_key_0123456789012345678901234567890123456789012';

export interface EraGateway extends AsyncDisposable {
  readonly fixture: GatewayFixture;
  /** Address of one server, or of all together. */
  readonly url: (server?: string) => string;
}

/** A gateway with a server behind it for each way, all of which may ask for everything. */
export async function startEraGateway(ways: readonly Way[]): Promise<EraGateway> {
  await using opening = new AsyncDisposableStack();
  const servers = await Promise.all(
    ways.map(async ({ server, era, transport, scope }) => {
      const common = {
        scope,
        may_ask: ['elicitation', 'sampling', 'roots'],
        elicitation_hosts: [new URL(CONSENT_URL).hostname],
      };
      if (transport === 'stdio') return [server, { ...common, ...serverCommand(era, 'stdio') }] as const;
      const { url } = opening.use(await startHttpServer(era, transport));
      return [server, { ...common, url }] as const;
    }),
  );
  const fixture = opening.use(
    await startFixture({
      servers: Object.fromEntries(servers),
      api_keys: [{ name: 'alice', key: KEY, role: 'eng' }],
      roles: { eng: { allow: ['*:*'] } },
    }),
  );
  const opened = opening.move();
  return {
    fixture,
    url: (server) => `${fixture.gateway.url}/mcp${server === undefined ? '' : `/${server}`}`,
    [Symbol.asyncDispose]: async () => await opened.disposeAsync(),
  };
}
