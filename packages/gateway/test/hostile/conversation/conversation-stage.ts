import { startFixture, type GatewayFixture } from '../../helpers/gateway-fixture.ts';
import { RawClient } from '../../helpers/mcp-client.ts';
import { ModernClient, type ModernInit } from '../../helpers/modern-client.ts';
import { serverCommand } from '../../eras/harness/server-process.ts';
import { SECRETS } from '../secrets.ts';
import { startTalkingServer, type TalkingServer } from './talking-server.ts';

export type Person = 'alice' | 'bob';

/** A gateway whose servers ask back, with two people in front who have the same rights. */
export interface ConversationStage extends AsyncDisposable {
  readonly fixture: GatewayFixture;
  readonly talking: TalkingServer;
  /** At the server `talking`, of MCP 2026-07-28. */
  readonly modern: (who: Person, server?: 'talking' | 'old') => ModernClient;
  /** A session, with elicitation unless told otherwise; by default at the server `old`, which asks in the middle of calls. */
  readonly session: (who: Person, server?: 'talking' | 'old', capabilities?: object) => Promise<RawClient>;
  /** The configuration with other members, such as roles. */
  readonly config: (more: object) => object;
}

const TOKENS = { alice: SECRETS.alice, bob: SECRETS.bob };
/** What a client that can be asked for everything declares. */
export const CAPABLE: ModernInit = {
  capabilities: { elicitation: { form: {} }, extensions: { 'io.modelcontextprotocol/tasks': {} } },
};

export async function openConversationStage(more: object = {}): Promise<ConversationStage> {
  await using opening = new AsyncDisposableStack();
  const talking = opening.use(await startTalkingServer());
  const config = (changed: object): Record<string, unknown> => ({
    listen: '127.0.0.1:0',
    log: { level: 'debug', format: 'json' },
    servers: {
      talking: { url: talking.url },
      old: { ...serverCommand('handshake', 'stdio'), scope: 'session' },
    },
    api_keys: [
      { name: 'alice', key: '${ALICE}', role: 'eng' },
      { name: 'bob', key: '${BOB}', role: 'eng' },
    ],
    roles: { eng: { allow: ['talking:*', 'old:*'], ask: ['talking:pay'] } },
    ...more,
    ...changed,
  });
  const fixture = opening.use(await startFixture(config({}), { ALICE: TOKENS.alice, BOB: TOKENS.bob }));
  const opened = opening.move();
  const url = (server: string): string => `${fixture.gateway.url}/mcp/${server}`;
  return {
    fixture,
    talking,
    config,
    modern: (who, server = 'talking') => new ModernClient(url(server), TOKENS[who]),
    session: async (who, server = 'old', capabilities = { elicitation: {} }) => {
      const client = new RawClient(url(server), TOKENS[who]);
      await client.connect(capabilities);
      return client;
    },
    [Symbol.asyncDispose]: async () => await opened.disposeAsync(),
  };
}
