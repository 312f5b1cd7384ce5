import type { Era, JsonObject } from '@smcp/protocol';
import { callTree, type CallSummary, type CallTree } from '../../src/index.ts';
import { joinCalls, readAudit, verifyAudit, type AuditVerdict } from '../../src/audit/index.ts';
import { connectOverHttp } from '../eras/client/connect.ts';
import type { CallOptions, EraClient } from '../eras/client/era-client.ts';
import { waitUntil } from '../eras/harness/wait-until.ts';
import { startFixture, type GatewayFixture } from '../helpers/gateway-fixture.ts';
import { RawClient } from '../helpers/mcp-client.ts';
import { ModernClient } from '../helpers/modern-client.ts';

export const ERAS: readonly Era[] = ['handshake', 'modern'];

export const KEYS = {
  alice: 'smcp_key_alice-0123456789012345678901234567890123456',
  bob: 'smcp_key_bob-012345678901234567890123456789012345678',
  ivan: 'smcp_key_ivan-01234567890123456789012345678901234567',
  olga: 'smcp_key_olga-01234567890123456789012345678901234567',
} as const;

export type Person = keyof typeof KEYS;

/** How an execution ended, as its result says. */
export interface Executed {
  readonly isError: boolean;
  /** What the model reads. */
  readonly text: string;
  readonly data: Record<string, unknown>;
  /** What the script returned. */
  readonly result: unknown;
}

/** A gateway with code mode. Alice and Bob have the role `eng`, Ivan is `intern`, Olga `ops`. */
export interface CodeStage extends AsyncDisposable {
  readonly fixture: GatewayFixture;
  readonly url: (door: string) => string;
  /** An official client of an era, by default at `/code`. */
  connect(era: Era, who?: Person, door?: string): Promise<EraClient>;
  /** Clients that see bytes and declare what they are told to. */
  raw(who: Person, door?: string, headers?: Record<string, string>): RawClient;
  modern(who: Person, door?: string): ModernClient;
  /** Executes a script for somebody who cannot be asked anything. */
  run(who: Person, code: string, more?: JsonObject): Promise<Executed>;
  /** Everything recorded of calls, once the last of them has its outcome. */
  calls(): Promise<readonly CallSummary[]>;
  /** The executions, newest first, each with its calls. */
  trees(): Promise<readonly CallTree[]>;
  verify(): Promise<AuditVerdict>;
}

export interface CodeStageOptions {
  readonly servers?: Record<string, unknown>;
  readonly roles?: Record<string, unknown>;
  readonly codeMode?: Record<string, unknown>;
  /** Further members of the configuration. */
  readonly config?: Record<string, unknown>;
  readonly env?: Record<string, string>;
}

const EVERYTHING = { allow: ['*:*'] };

export async function openCodeStage(options: CodeStageOptions = {}): Promise<CodeStage> {
  const { servers = {}, roles = {}, codeMode = {}, config = {}, env = {} } = options;
  const fixture = await startFixture(
    {
      servers,
      api_keys: [
        { name: 'alice', key: KEYS.alice, role: 'eng' },
        { name: 'bob', key: KEYS.bob, role: 'eng' },
        { name: 'ivan', key: KEYS.ivan, role: 'intern' },
        { name: 'olga', key: KEYS.olga, role: 'ops' },
      ],
      roles: { eng: EVERYTHING, intern: EVERYTHING, ops: EVERYTHING, ...roles },
      code_mode: codeMode,
      ...config,
    },
    env,
  );
  const { foundation, gateway } = fixture;
  const url = (door: string): string => gateway.url + door;
  const directory = foundation.home.file('audit');
  const calls = async (): Promise<readonly CallSummary[]> =>
    await waitUntil('the outcomes of all calls', async () => {
      const found = await Array.fromAsync(joinCalls(readAudit({ directory, filter: {} })));
      return found.some(({ outcome }) => outcome === 'open') ? undefined : found;
    });
  const modern = (who: Person, door = '/code'): ModernClient => new ModernClient(url(door), KEYS[who]);
  return {
    fixture,
    url,
    connect: async (era, who = 'alice', door = '/code') => await connectOverHttp(era, url(door), KEYS[who]),
    raw: (who, door = '/code', headers = {}) => new RawClient(url(door), KEYS[who], headers),
    modern,
    run: async (who, code, more = {}) => {
      const { result, error } = await modern(who).request('tools/call', {
        name: 'smcp_execute',
        arguments: { code, ...more },
      });
      if (result === undefined) throw new Error(`Not executed: ${JSON.stringify(error)}`);
      return toExecuted(result as JsonObject);
    },
    calls,
    trees: async () => {
      const all = await calls();
      return all
        .filter(({ name, parent }) => name === 'smcp_execute' && parent === undefined)
        .toReversed()
        .map((root) => callTree(root, all));
    },
    verify: async () => {
      const { store, home } = foundation;
      return await verifyAudit({ directory, store, publicKey: home.auditPublicKey });
    },
    [Symbol.asyncDispose]: async () => await fixture[Symbol.asyncDispose](),
  };
}

/** Executes a script by a client of whatever era. */
export async function execute(
  client: EraClient,
  code: string,
  more: JsonObject = {},
  options: CallOptions = {},
): Promise<Executed> {
  return toExecuted(await client.callTool('smcp_execute', { code, ...more }, options));
}

export function toExecuted({ content, structuredContent, isError }: JsonObject): Executed {
  const data = (structuredContent ?? {}) as Record<string, unknown>;
  const blocks = (content ?? []) as readonly { readonly text?: string }[];
  const text = blocks.map((block) => block.text ?? '').join('\n');
  return { isError: isError === true, text, data, result: data['result'] };
}
