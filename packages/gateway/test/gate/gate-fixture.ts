import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compilePolicy, type Principal, type RoleSpec } from '@smcp/policy';
import { readJson, type InputRequest, type InputResponses, type JsonObject } from '@smcp/protocol';
import { ApprovalDesk, type ApprovalSettings } from '../../src/approval/index.ts';
import { createRedactor, type AuditEntry, type AuditLog } from '../../src/audit/index.ts';
import { Catalog, CatalogStore } from '../../src/catalog/index.ts';
import { configSchema } from '../../src/config/index.ts';
import {
  Gate,
  RefusalBudget,
  ServerEntry,
  type AskingClient,
  type ConversationSettings,
  type GateReply,
  type GateRequest,
  type RetryingClient,
  type RouteResult,
} from '../../src/gate/index.ts';
import { createLimiter } from '../../src/limit/index.ts';
import { createSealer, type Sealer } from '../../src/seal/index.ts';
import { openSqliteStore, type Store } from '../../src/store/index.ts';
import { createTelemetry } from '../../src/telemetry/index.ts';
import { UpstreamPool, type Upstream } from '../../src/upstream/index.ts';

export const ALICE: Principal = { id: 'key:alice', kind: 'key', tenant: 'default', roles: ['eng'] };
export const BOB: Principal = { id: 'key:bob', kind: 'key', tenant: 'default', roles: ['eng'] };
export const EVERYTHING: JsonObject = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
const TASKS = { 'io.modelcontextprotocol/tasks': {} };
export const WITH_TASKS: JsonObject = { ...EVERYTHING, extensions: TASKS };

const LIMITS = { maxLength: 1e6, maxDepth: 64, maxNodes: 1e5 };
const ALLOW_ALL: RoleSpec = {
  name: 'eng',
  line: 1,
  allow: [{ patterns: ['box:*', 'box:resources/*', 'box:prompts/*'], line: 1 }],
  deny: [{ patterns: ['box:drop'], line: 2 }],
};

export interface FixtureOptions {
  /** Settings of the server. */
  readonly server?: Readonly<Record<string, unknown>>;
  readonly role?: RoleSpec;
  readonly conversation?: Partial<ConversationSettings>;
  /** Settings of a desk for approvals; without them there is none. */
  readonly approvals?: Partial<ApprovalSettings>;
}

export interface GateFixture extends AsyncDisposable {
  readonly gate: Gate;
  readonly entries: AuditEntry[];
  readonly logged: string[];
  readonly sealer: Sealer;
  readonly clock: { at: number };
  readonly desk: ApprovalDesk | undefined;
  /** Puts another policy in force. */
  reload(role: RoleSpec): void;
  records(type: AuditEntry['type']): readonly AuditEntry[];
}

/** Always leads to the same upstream. */
class FixedEntry extends ServerEntry {
  readonly #upstream: Upstream;
  readonly #catalog: Catalog;

  constructor(upstream: Upstream, ...rest: ConstructorParameters<typeof ServerEntry>) {
    super(...rest);
    this.#upstream = upstream;
    this.#catalog = new Catalog(() => performance.now());
  }

  override route(): RouteResult {
    return { ok: true, route: { upstream: this.#upstream, catalog: this.#catalog } };
  }
}

/** A real gate in front of an upstream of the test's own. */
export async function buildGate(upstream: Upstream, options: FixtureOptions = {}): Promise<GateFixture> {
  const config = configSchema.parse({
    servers: { box: { url: 'https://box.example/mcp', ...options.server } },
    roles: { eng: { allow: ['box:*'] } },
  });
  const clock = { at: Date.parse('2026-11-20T10:00:00Z') };
  const now = (): number => performance.now();
  const logged: string[] = [];
  const log = (message: string, fields?: object): void => {
    logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  const logger = { debug: log, info: log, warn: log, error: log };
  const entries: AuditEntry[] = [];
  const audit: AuditLog = {
    append: async (entry) => {
      entries.push(entry);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  const pool = new UpstreamPool({ clientInfo: { name: 'test', version: '1' }, logger, now });
  const [server] = Object.values(config.servers);
  if (server === undefined) {
    throw new TypeError('The configuration has no server');
  }
  const context = {
    pool,
    folder: '/',
    env: {},
    now,
    catalogs: new CatalogStore(now),
    onListChanged: () => undefined,
    maxPerPrincipal: 2,
  };
  const folder = await mkdtemp(join(tmpdir(), 'smcp-gate-'));
  const store: Store | undefined =
    options.approvals === undefined ? undefined : openSqliteStore(join(folder, 'state.db'));
  let approvalIds = 0;
  const desk =
    store === undefined
      ? undefined
      : new ApprovalDesk({
          table: store.approvals,
          settings: {
            expireSeconds: 600,
            validSeconds: 300,
            maxPending: 100,
            maxPendingPerPrincipal: 10,
            answeredBy: ['caller', 'operator'],
            ...options.approvals,
          },
          clock: () => clock.at,
          newId: () => `apr-${(approvalIds += 1)}`,
        });
  const stateOf = (role: RoleSpec) => ({
    policy: compilePolicy({ roles: [role], source: { file: 'smcp.yaml' } }),
    policyId: JSON.stringify(role),
    approvals: desk,
    servers: new Map([['box', new FixedEntry(upstream, 'box', server, context)]]),
    limiter: createLimiter({
      settings: { principal: config.limits.principal, servers: config.servers },
      clock: now,
    }),
    refusals: new RefusalBudget(config.audit.refusals, now),
    redactor: createRedactor({ patterns: [], secretValues: () => ['hunter2-hunter2'] }),
    keepArguments: true,
  });
  const sealer = createSealer({
    key: createSecretKey(Buffer.alloc(32, 3)),
    now: () => clock.at,
    random: randomBytes,
  });
  let calls = 0;
  const gate = new Gate(stateOf(options.role ?? ALLOW_ALL), {
    audit,
    telemetry: createTelemetry({
      settings: { ...config.telemetry, metrics: false },
      resourceVersion: '1',
      instanceId: 'x',
      logger,
    }),
    logger,
    now: () => new Date(clock.at),
    micros: () => performance.now() * 1000,
    newCallId: () => `call-${(calls += 1)}`,
    sealer,
    conversation: { gatherMs: 5, ...options.conversation },
  });
  return {
    gate,
    entries,
    logged,
    sealer,
    clock,
    desk,
    reload: (role) => {
      gate.replaceState(stateOf(role));
    },
    records: (type) => entries.filter((entry) => entry.type === type),
    [Symbol.asyncDispose]: async () => {
      gate[Symbol.dispose]();
      await pool[Symbol.asyncDispose]();
      await store?.[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A tool call; `params` are added to name and arguments. */
export function toolCall(
  more: Partial<GateRequest> = {},
  args: JsonObject = {},
  params: JsonObject = {},
): GateRequest {
  const method = more.method ?? 'tools/call';
  const all = { name: 'dig', arguments: args, ...params };
  return {
    caller: { principal: ALICE, credential: () => undefined },
    door: 'test',
    action: { kind: 'tool', server: 'box', name: 'dig' },
    document: readJson(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: all }), LIMITS),
    ...more,
    method,
  };
}

export function asPrincipal(principal: Principal, session?: string): Pick<GateRequest, 'caller'> {
  return { caller: { principal, session, credential: () => undefined } };
}

/** A modern client; `resume` is what it comes back with. */
export function retrying(
  capabilities: JsonObject = EVERYTHING,
  resume?: { readonly state: string | undefined; readonly responses: InputResponses },
): RetryingClient {
  return { style: 'retry', capabilities, ...(resume === undefined ? {} : { resume }) };
}

/** A handshake-era client, with what it was asked. */
export function asking(
  answer: (request: InputRequest) => Promise<JsonObject> | JsonObject,
  capabilities: JsonObject = EVERYTHING,
): AskingClient & { readonly asked: InputRequest[] } {
  const asked: InputRequest[] = [];
  return {
    style: 'ask',
    capabilities,
    asked,
    ask: async (request) => {
      asked.push(request);
      return await answer(request);
    },
  };
}

/** The questions and the state of a reply that asks. */
export function askedIn(reply: GateReply): {
  readonly requests: Readonly<Record<string, InputRequest>>;
  readonly state: string;
  readonly ids: readonly string[];
} {
  const result = resultOf(reply);
  if (result['resultType'] !== 'input_required') {
    throw new TypeError(`It asks nothing: ${JSON.stringify(result)}`);
  }
  const requests = (result['inputRequests'] ?? {}) as unknown as Readonly<Record<string, InputRequest>>;
  return { requests, state: textIn(result, 'requestState'), ids: Object.keys(requests) };
}

/** A member that has to be a text. */
export function textIn(object: JsonObject, key: string): string {
  const value = object[key];
  if (typeof value !== 'string') {
    throw new TypeError(`There is no text at ${key}`);
  }
  return value;
}

export function resultOf(reply: GateReply): JsonObject {
  if (!reply.ok || 'error' in reply.message) {
    throw new TypeError(`It is no result: ${JSON.stringify(reply)}`);
  }
  return reply.message.result;
}

export const FORM: InputRequest = {
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message: 'Who are you?',
    requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
  },
};
export const ROOTS: InputRequest = { method: 'roots/list', params: {} };
export const ACCEPT: JsonObject = { action: 'accept', content: { name: 'A' } };
export const NO_ROOTS: JsonObject = { roots: [] };
