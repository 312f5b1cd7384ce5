import { createHmac, randomBytes } from 'node:crypto';
import type { Principal } from '@smcp/policy';
import type { AgentConfig, ApiKeyConfig } from '../../src/config/schema.ts';
import { createAuthenticator } from '../../src/identity/index.ts';
import type {
  AuthenticatorOptions,
  AuthResult,
  IdentityConfig,
  IdentityStore,
  Presented,
} from '../../src/identity/index.ts';
import { StoreError } from '../../src/store/store.ts';
import type { CredentialTable, StoredAgent, StoredKey } from '../../src/store/store.ts';

export const AUDIENCE = 'https://gate.example';
/** 2027-01-15T08:00:00Z. */
export const NOW_MS = 1_800_000_000_000;
export const CODE_HASH = `sha256:${'ab'.repeat(32)}`;
export const SOURCE = '192.0.2.7';
export const NOT_VALID = 'The credential is not valid (expired or unknown)';

export const random = (count: number): Uint8Array => randomBytes(count);

/** HMAC under a key of the tests. */
export function hashToken(token: string): string {
  return createHmac('sha256', 'key of the tests').update(token).digest('hex');
}

/** A token of the issued form that says in clear whose it is. */
export function tokenOf(kind: 'key' | 'agent', name: string): string {
  return `smcp_${kind}_${name.padEnd(43, 'x')}`;
}

export function keyEntry(name: string, change: Partial<ApiKeyConfig> = {}): ApiKeyConfig {
  return { name, key: tokenOf('key', name), role: 'reader', ...change };
}

export function agentEntry(name: string, change: Partial<AgentConfig> = {}): AgentConfig {
  return {
    name,
    token: tokenOf('agent', name),
    code_hash: CODE_HASH,
    role: 'robot',
    max_delegation_depth: 0,
    allowed_delegators: [],
    ...change,
  };
}

/** A clock and a monotonic clock that stand still until told. */
export class Time {
  wallMs = NOW_MS;
  monotonicMs = 5000;

  pass(ms: number): void {
    this.wallMs += ms;
    this.monotonicMs += ms;
  }
}

class MemoryTable<T extends StoredKey> implements CredentialTable<T> {
  readonly entries = new Map<string, T>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  async list(): Promise<readonly T[]> {
    return [...this.entries.values()];
  }

  async get(name: string): Promise<T | undefined> {
    return this.entries.get(name);
  }

  async create(entry: T): Promise<void> {
    if (this.entries.has(entry.name)) throw new StoreError('STORE_CONFLICT', 'Name is taken');
    this.entries.set(entry.name, entry);
    this.#changed();
  }

  async revoke(name: string, atIso: string): Promise<boolean> {
    const entry = this.entries.get(name);
    if (!entry) return false;
    this.entries.set(name, { ...entry, revokedAt: atIso });
    this.#changed();
    return true;
  }
}

/** The identity part of a store, in memory, that counts how often it is asked and can fail or hang. */
export class MemoryStore implements IdentityStore {
  version = 1;
  asked = 0;
  mode: 'up' | 'down' | 'hangs' = 'up';
  readonly keys = new MemoryTable<StoredKey>(() => (this.version += 1));
  readonly agents = new MemoryTable<StoredAgent>(() => (this.version += 1));

  async revision(): Promise<number> {
    this.asked += 1;
    if (this.mode === 'down') throw new StoreError('STORE_UNAVAILABLE', 'No connection');
    if (this.mode === 'hangs') await new Promise(() => {});
    return this.version;
  }
}

export interface Gate extends AsyncDisposable {
  readonly time: Time;
  readonly store: MemoryStore;
  readonly service: Awaited<ReturnType<typeof createAuthenticator>>;
  /** Presents a token, from `SOURCE` unless told otherwise. */
  readonly present: (token: string, more?: Partial<Presented>) => Promise<AuthResult>;
}

/** A running authenticator that never polls by itself. */
export async function openGate(
  config: Partial<IdentityConfig> = {},
  more: Partial<AuthenticatorOptions> & { readonly store?: MemoryStore } = {},
): Promise<Gate> {
  const time = new Time();
  const store = more.store ?? new MemoryStore();
  const service = await createAuthenticator({
    config: toConfig(config),
    hashToken,
    audience: AUDIENCE,
    clock: () => time.wallMs,
    monotonic: () => time.monotonicMs,
    pollIntervalMs: 3_600_000,
    storeAnswerMs: 50,
    ...more,
    store,
  });
  return {
    time,
    store,
    service,
    present: (token, presented = {}) =>
      service.authenticate({ source: SOURCE, authorization: `Bearer ${token}`, ...presented }),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

export function toConfig(config: Partial<IdentityConfig>): IdentityConfig {
  return { apiKeys: [], agents: [], authFailureRate: { calls: '10/min' }, ...config };
}

/** The principal of a result that must be one. */
export function principalOf(result: AuthResult): Principal {
  if (result.ok) return result.principal;
  throw new Error(`Expected a principal, got ${result.code}: ${result.detail}`);
}
