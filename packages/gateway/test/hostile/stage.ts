import { issueKey } from '../../src/index.ts';
import {
  referenceServer,
  startFixture,
  type FixtureOptions,
  type GatewayFixture,
} from '../helpers/gateway-fixture.ts';
import { startHttpUpstream, type HttpUpstream } from '../helpers/http-upstream.ts';
import { RawClient } from '../helpers/mcp-client.ts';
import { AUDIENCE, makeChains, makeSigningKeys, type SigningKeys } from './chains.ts';
import { SECRETS } from './secrets.ts';

const CODE_HASH = `sha256:${'ab'.repeat(32)}`;

/** Where the hostile inputs play: a gateway with small bounds, real servers behind it, and somebody of every kind in front. */
export interface Stage extends AsyncDisposable {
  readonly fixture: GatewayFixture;
  /** A server that gets the gateway's credential, and one that gets the caller's own. */
  readonly team: HttpUpstream;
  readonly own: HttpUpstream;
  /** Replaces `{{name}}` in a text. */
  readonly fill: (text: string) => string;
  /** Every secret in use, by name. */
  readonly secrets: ReadonlyMap<string, string>;
  /** A client with an open session at `path`, as somebody who is known. */
  readonly enter: (path: string, token: string, headers?: Record<string, string>) => Promise<RawClient>;
  /** Ends the sessions that were open from the beginning. */
  readonly leave: () => Promise<void>;
}

const ENVIRONMENT = {
  ALICE: SECRETS.alice,
  BOB: SECRETS.bob,
  CAROL: SECRETS.carol,
  EXPIRED: SECRETS.expired,
  PLANNER: SECRETS.planner,
  WORKER: SECRETS.worker,
  COURIER: SECRETS.courier,
  DEPUTY: SECRETS.deputy,
  HERMIT: SECRETS.hermit,
  INJECTED_HEADER: SECRETS.injectedHeader,
  INJECTED_VARIABLE: SECRETS.injectedVariable,
  SMCP_MASTER_KEY: SECRETS.master,
};

/** Arguments that MCP 2026-07-28 wants repeated in headers. */
const MARKED = {
  region: { type: 'string', 'x-mcp-header': 'Region' },
  count: { type: 'integer', 'x-mcp-header': 'Count' },
};

export async function openStage(options: FixtureOptions = {}): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const keys = await makeSigningKeys();
  const team = stack.use(await startHttpUpstream(['read_channel', 'in_region'], { in_region: MARKED }));
  const own = stack.use(await startHttpUpstream(['list_issues']));
  const urls = { team: team.url, own: own.url };
  const fixture = stack.use(await startFixture(stageConfig(keys, urls), ENVIRONMENT, options));
  const revoked = await issueKey(fixture.foundation.issueContext, { name: 'revoked', roles: ['eng'] });
  await fixture.foundation.store.keys.revoke('revoked', new Date().toISOString());

  const enter: Stage['enter'] = async (path, token, headers = {}) => {
    const client = new RawClient(fixture.gateway.url + path, token, headers);
    const { status, body } = await client.connect();
    if (client.session === undefined) {
      throw new Error(`No session at ${path}: ${status} ${JSON.stringify(body)}`);
    }
    return client;
  };
  const chains = await makeChains(keys);
  const asAgent = (chain?: string): Record<string, string> => ({
    'x-smcp-code-hash': CODE_HASH,
    ...(chain === undefined ? {} : { 'x-smcp-delegation-chain': chains[chain] ?? '' }),
  });
  const ended = await enter('/mcp/everything', SECRETS.alice);
  await ended.end();
  const sessions = {
    session: await enter('/mcp/everything', SECRETS.alice),
    'session-all': await enter('/mcp', SECRETS.alice),
    'session-own': await enter('/mcp/own', SECRETS.alice, { 'x-own-token': SECRETS.ownCredential }),
    'session-bob': await enter('/mcp/everything', SECRETS.bob),
    'session-worker': await enter('/mcp/everything', SECRETS.worker, asAgent()),
    'session-delegated': await enter('/mcp/everything', SECRETS.worker, asAgent('good')),
    'session-narrow': await enter('/mcp/everything', SECRETS.worker, asAgent('narrow')),
    'session-wide': await enter('/mcp/everything', SECRETS.planner, asAgent('wide')),
  };
  const values = new Map<string, string>([
    ...Object.entries(SECRETS),
    ['revoked', revoked.token],
    ['code-hash', CODE_HASH],
    ['session-ended', ended.session ?? ''],
    ...Object.entries(sessions).map(([name, client]) => [name, client.session ?? ''] as const),
    ...Object.entries(chains).map(([name, chain]) => [`chain-${name}`, chain] as const),
  ]);
  const privateKeys = [...keys].map(
    ([signer, { privateKey }]) => [`private key of ${signer}`, privateKey.d] as const,
  );
  const resources = stack.move();
  return {
    fixture,
    team,
    own,
    fill: (text) =>
      text.replaceAll(/\{\{([a-z0-9A-Z-]+)\}\}/g, (_whole, name: string) => {
        const value = values.get(name);
        if (value === undefined) {
          throw new Error(`Nothing on the stage is called ${name}`);
        }
        return value;
      }),
    secrets: new Map([...Object.entries(SECRETS), ['revoked', revoked.token], ...privateKeys]),
    enter,
    leave: async () => {
      await Promise.all(Object.values(sessions).map(async (client) => await client.end()));
    },
    [Symbol.asyncDispose]: async () => {
      await resources.disposeAsync();
    },
  };
}

/** Configuration without any secret in it: they all come from the environment. */
function stageConfig(
  keys: SigningKeys,
  urls: { readonly team: string; readonly own: string },
): Record<string, unknown> {
  const publicKey = (signer: Parameters<SigningKeys['get']>[0]): string => keys.get(signer)?.publicKey ?? '';
  return {
    public_url: AUDIENCE,
    log: { level: 'debug', format: 'json' },
    allowed_origins: ['https://app.example.com'],
    servers: {
      everything: {
        ...referenceServer('everything', 'stdio'),
        credentials: { env: { DEMO_PASSWORD: '${INJECTED_VARIABLE}' } },
      },
      team: { url: urls.team, credentials: { headers: { Authorization: 'Bearer ${INJECTED_HEADER}' } } },
      own: { url: urls.own, credential_mode: 'passthrough' },
    },
    api_keys: [
      { name: 'alice', key: '${ALICE}', role: 'eng', public_key: publicKey('key:alice') },
      { name: 'bob', key: '${BOB}', role: 'reader' },
      { name: 'carol', key: '${CAROL}', role: 'reader', public_key: publicKey('key:carol') },
      {
        name: 'expired',
        key: '${EXPIRED}',
        role: 'eng',
        expires: '2025-01-01',
        public_key: publicKey('key:expired'),
      },
    ],
    agents: [
      agent('planner', 1, ['key:alice', 'key:carol', 'agent:worker'], publicKey('agent:planner')),
      agent('worker', 3, ['key:alice', 'key:bob', 'key:expired', 'agent:planner'], publicKey('agent:worker')),
      agent('courier', 3, ['agent:worker'], publicKey('agent:courier')),
      agent('deputy', 3, ['agent:courier', 'agent:planner']),
      agent('hermit', 0, ['key:alice']),
    ],
    roles: {
      eng: {
        allow: ['everything:*', 'team:*', 'own:*'],
        deny: [
          'everything:get-env',
          'everything:prompts/args-prompt',
          'everything:resources/demo://resource/dynamic/blob/*',
        ],
      },
      reader: { allow: ['everything:echo'] },
      robot: { allow: ['*:*'] },
    },
    http: {
      max_body_bytes: 64 * 1024,
      max_json_depth: 16,
      max_json_nodes: 2000,
      max_header_bytes: 32 * 1024,
      header_timeout_seconds: 1,
      body_timeout_seconds: 2,
    },
    // Logins are refused by the hundred here; the limit has a test of its own.
    limits: { auth_failures: { calls: '100000/s' } },
  };
}

function agent(
  name: string,
  depth: number,
  delegators: readonly string[],
  publicKey?: string,
): Record<string, unknown> {
  return {
    name,
    token: `\${${name.toUpperCase()}}`,
    code_hash: CODE_HASH,
    role: 'robot',
    max_delegation_depth: depth,
    allowed_delegators: delegators,
    ...(publicKey === undefined ? {} : { public_key: publicKey }),
  };
}
