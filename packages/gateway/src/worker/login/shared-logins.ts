import type { Principal } from '@smcp/policy';
import type { RateConfig } from '../../config/schema.ts';
import {
  createAuthenticator,
  type AuthenticatorOptions,
  type AuthErrorCode,
  type AuthResult,
  type HashToken,
  type IdentityConfig,
  type IdentityService,
  type ListedPrincipal,
  type Presented,
} from '../../identity/index.ts';
import { readBearer } from '../../identity/bearer.ts';
import { refuse } from '../../identity/refusal.ts';
import { sourceGroup } from '../../identity/source-group.ts';
import type { Channel } from '../channel/channel.ts';
import { asFields, countOf } from '../channel/fields.ts';

/** Failures are counted by the primary and not here. */
const NEVER: RateConfig = { calls: '999999999/s', burst: 1_000_000_000 };
/** Nothing was guessed, or nobody knows whether it was a guess. */
const UNCOUNTED: ReadonlySet<AuthErrorCode> = new Set([
  'AUTH_MISSING',
  'AUTH_UNAVAILABLE',
  'AUTH_RATE_LIMITED',
]);
/** How long a success need not be told again; the primary remembers it ten times as long. */
const CONFIRMED_MS = 60_000;
const MAX_SOURCES_PER_PRINCIPAL = 1000;
const MAX_LOCKED = 10_000;
const RETRY_SECONDS = 1;

export interface SharedLoginsOptions {
  readonly identity: IdentityService;
  readonly channel: Pick<Channel, 'ask'>;
  readonly hashToken: HashToken;
  /** Milliseconds that only grow. */
  readonly monotonicMs: () => number;
}

/**
 * The identity service of a worker. Looks credentials up itself; whether its caller may learn the result is asked of the primary, which counts failures for all
 * workers. A credential that worked from the same place within the last minute needs no asking. Without a primary everybody is refused.
 */
export class SharedLogins implements IdentityService {
  readonly #identity: IdentityService;
  readonly #channel: Pick<Channel, 'ask'>;
  readonly #hashToken: HashToken;
  readonly #monotonicMs: () => number;
  readonly #confirmed = new WeakMap<Principal, Map<string, number>>();
  /** Sources that had to wait when they were last heard of, and until when. */
  readonly #locked = new Map<string, number>();

  constructor({ identity, channel, hashToken, monotonicMs }: SharedLoginsOptions) {
    this.#identity = identity;
    this.#channel = channel;
    this.#hashToken = hashToken;
    this.#monotonicMs = monotonicMs;
  }

  async authenticate(presented: Presented): Promise<AuthResult> {
    const source = sourceGroup(presented.source);
    try {
      // A source that has to wait costs no look-up and no check of a signature. Who presents nothing is told so, and guesses nothing.
      const mustAsk = isCredential(presented) && this.#isLocked(source);
      const waitSeconds = mustAsk ? await this.#mayTry(source, presented) : 0;
      return waitSeconds > 0 ? this.#limited(source, waitSeconds) : await this.#check(source, presented);
    } catch {
      return refuse('AUTH_UNAVAILABLE', 'the process that counts failed logins is gone', {
        retryAfterSeconds: RETRY_SECONDS,
      });
    }
  }

  isCurrent(principal: Principal): boolean {
    return this.#identity.isCurrent(principal);
  }

  async refresh(): Promise<void> {
    await this.#identity.refresh();
  }

  reconfigure(config: IdentityConfig): void {
    this.#identity.reconfigure(uncounted(config));
  }

  listPrincipals(): readonly ListedPrincipal[] {
    return this.#identity.listPrincipals();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#identity[Symbol.asyncDispose]();
  }

  async #check(source: string, presented: Presented): Promise<AuthResult> {
    const result = await this.#identity.authenticate(presented);
    if (result.ok ? this.#isConfirmed(result.principal, source) : UNCOUNTED.has(result.code)) {
      return result;
    }
    const credential = this.#credential(presented);
    const waitSeconds = await this.#ask('login', { source, credential, works: result.ok });
    if (waitSeconds > 0) {
      return this.#limited(source, waitSeconds);
    }
    if (result.ok) {
      this.#confirm(result.principal, source);
    }
    return result;
  }

  async #mayTry(source: string, presented: Presented): Promise<number> {
    const waitSeconds = await this.#ask('mayTry', { source, credential: this.#credential(presented) });
    if (waitSeconds === 0) {
      this.#locked.delete(source);
    }
    return waitSeconds;
  }

  #limited(source: string, retryAfterSeconds: number): AuthResult {
    this.#locked.delete(source);
    this.#locked.set(source, this.#monotonicMs() + retryAfterSeconds * 1000);
    const [oldest] = this.#locked.keys();
    if (this.#locked.size > MAX_LOCKED && oldest !== undefined) {
      this.#locked.delete(oldest);
    }
    return refuse('AUTH_RATE_LIMITED', `too many failed attempts from ${source}`, { retryAfterSeconds });
  }

  #isLocked(source: string): boolean {
    const until = this.#locked.get(source);
    return until !== undefined && this.#monotonicMs() < until;
  }

  #isConfirmed(principal: Principal, source: string): boolean {
    const at = this.#confirmed.get(principal)?.get(source);
    return at !== undefined && this.#monotonicMs() - at < CONFIRMED_MS;
  }

  #confirm(principal: Principal, source: string): void {
    const sources = this.#confirmed.get(principal) ?? new Map<string, number>();
    if (sources.size >= MAX_SOURCES_PER_PRINCIPAL) {
      sources.clear();
    }
    sources.set(source, this.#monotonicMs());
    this.#confirmed.set(principal, sources);
  }

  async #ask(name: 'login' | 'mayTry', body: unknown): Promise<number> {
    return countOf(asFields(await this.#channel.ask(name, body)), 'waitSeconds');
  }

  #credential({ authorization = '' }: Presented): string {
    return this.#hashToken(authorization);
  }
}

/** Opens the identity service of a worker, with the options of a gateway that is one process. */
export async function openSharedLogins(
  options: AuthenticatorOptions,
  channel: Pick<Channel, 'ask'>,
): Promise<SharedLogins> {
  const identity = await createAuthenticator({ ...options, config: uncounted(options.config) });
  const { hashToken, monotonic } = options;
  const monotonicMs = monotonic ?? (() => performance.now());
  return new SharedLogins({ identity, channel, hashToken, monotonicMs });
}

function uncounted(config: IdentityConfig): IdentityConfig {
  return { ...config, authFailureRate: NEVER };
}

function isCredential({ authorization }: Presented): boolean {
  const bearer = readBearer(authorization);
  return bearer.ok || bearer.code !== 'AUTH_MISSING';
}
