import type { Principal } from '@smcp/policy';
import type { RateConfig } from '../config/schema.ts';
import { parseRate } from '../limit/index.ts';
import { readBearer } from './bearer.ts';
import type { Credential, HashToken } from './credential.ts';
import { resolveDelegation } from './delegation.ts';
import { Directory } from './directory.ts';
import type { FileEntries } from './directory.ts';
import { FailureLimit } from './failure-limit.ts';
import type { Authenticator, AuthResult, Presented } from './identity.ts';
import { refuse } from './refusal.ts';
import type { ListedPrincipal } from './registry.ts';
import { sourceGroup } from './source-group.ts';
import { createSteadyClock } from './steady-clock.ts';
import type { IdentityStore } from './store-watch.ts';
import { isIssuedForm, tokenHint } from './token.ts';
import { TokenHashes } from './token-hashes.ts';
import { createFetchDocument, JwtLogins, type FetchDocument, type JwtIssuers } from './jwt/index.ts';

/** What the configuration file says about who may come in. */
export interface IdentityConfig extends FileEntries {
  /** Failed logins per source. */
  readonly authFailureRate: RateConfig;
  /** External issuers whose access tokens are accepted. Default: none. */
  readonly jwtIssuers?: JwtIssuers;
}

export interface AuthenticatorOptions {
  readonly config: IdentityConfig;
  readonly store: IdentityStore;
  readonly hashToken: HashToken;
  /** Address of this gateway: what delegations must be made for. */
  readonly audience: string;
  /** Address of this gateway as clients reach it: what access tokens must be made for. Default: `audience`. */
  readonly resource?: () => string;
  /** Gets metadata and keys of external issuers. Default: over the network. */
  readonly fetchDocument?: FetchDocument;
  /** Told by name which external issuer could not be asked for its keys. */
  readonly onIssuerError?: (name: string, error: unknown) => void;
  /** Wall clock, milliseconds since 1970. */
  readonly clock: () => number;
  /** Milliseconds that only grow. Default: the platform's. */
  readonly monotonic?: () => number;
  /** How often the store is asked for changes. Default 1000. */
  readonly pollIntervalMs?: number;
  /** How long it may take to answer. Default 2000. */
  readonly storeAnswerMs?: number;
  /** Told when the store could not be asked. */
  readonly onStoreError?: (error: unknown) => void;
}

/** Who may use this gateway: keys and agents of the configuration and the store, and users of external issuers. After disposal everybody is refused. */
export interface IdentityService extends Authenticator, AsyncDisposable {
  /**
   * Reads the store again when it changed.
   *
   * @throws whatever the store throws.
   */
  refresh(): Promise<void>;
  /**
   * Replaces the configuration: all or nothing. Principals whose entry is unchanged stay the same objects and stay current.
   *
   * @throws {IdentityError} as `createAuthenticator` does; then nothing has changed.
   */
  reconfigure(config: IdentityConfig): void;
  /** Everybody who is not revoked, in order of id. */
  listPrincipals(): readonly ListedPrincipal[];
}

/**
 * Opens the identity of a gateway. Tokens of the configuration are hashed here and not kept.
 *
 * `isCurrent` is true only for principals that this service made and whose credential, and those of all delegators, are unchanged since.
 *
 * @throws {IdentityError} `IDENTITY_NAME_TAKEN`, `IDENTITY_TOKEN_REUSED` or `IDENTITY_INVALID` when the configuration contradicts itself or
 *   the store; whatever the store throws when it cannot be read.
 */
export async function createAuthenticator(options: AuthenticatorOptions): Promise<IdentityService> {
  const monotonicMs = options.monotonic ?? (() => performance.now());
  const nowMs = createSteadyClock(options.clock, monotonicMs);
  const failures = new FailureLimit(options.config.authFailureRate, monotonicMs);
  const jwt = new JwtLogins({
    issuers: options.config.jwtIssuers ?? {},
    base: options.resource ?? (() => options.audience),
    failures,
    fetchDocument: options.fetchDocument ?? createFetchDocument(),
    nowMs,
    monotonicMs,
    onIssuerError: options.onIssuerError ?? (() => {}),
  });
  const directory = new Directory({
    entries: options.config,
    store: options.store,
    hashToken: options.hashToken,
    nowMs,
    monotonicMs,
    pollIntervalMs: options.pollIntervalMs ?? 1000,
    storeAnswerMs: options.storeAnswerMs ?? 2000,
    onStoreError: options.onStoreError ?? (() => {}),
  });
  try {
    await directory.open();
  } catch (error) {
    await directory[Symbol.asyncDispose]();
    throw error;
  }
  const { hashToken, audience } = options;
  return new TokenAuthenticator({ directory, failures, jwt, hashToken, audience, nowMs });
}

interface ChainBinding {
  readonly credentials: readonly Credential[];
  readonly expiresAtMs: number;
}

/** Code and detail for a known token that may not be used. */
const standingRefusals = {
  revoked: (id: string) => ['AUTH_REVOKED', `${id} was revoked`] as const,
  expired: (id: string) => ['AUTH_EXPIRED', `${id} has expired`] as const,
  stale: (id: string) => ['AUTH_UNKNOWN', `the store that knows ${id} does not answer`] as const,
};

interface Parts {
  readonly directory: Directory;
  readonly failures: FailureLimit;
  readonly jwt: JwtLogins;
  readonly hashToken: HashToken;
  readonly audience: string;
  readonly nowMs: () => number;
}

class TokenAuthenticator implements IdentityService {
  readonly #directory: Directory;
  readonly #failures: FailureLimit;
  readonly #jwt: JwtLogins;
  readonly #hashes: TokenHashes;
  readonly #audience: string;
  readonly #nowMs: () => number;
  /** What a delegated principal stands on. */
  readonly #chains = new WeakMap<Principal, ChainBinding>();
  /** Unknown tokens for which the store is being asked, by source and keyed hash. */
  readonly #searches = new Map<string, Promise<Credential | undefined>>();
  #closed = false;

  constructor({ directory, failures, jwt, hashToken, audience, nowMs }: Parts) {
    this.#directory = directory;
    this.#failures = failures;
    this.#jwt = jwt;
    this.#hashes = new TokenHashes(hashToken);
    this.#audience = audience;
    this.#nowMs = nowMs;
  }

  async authenticate(presented: Presented): Promise<AuthResult> {
    try {
      return await this.#check(presented);
    } catch (error) {
      // A check that could not be made is a check that was not passed. Only the class: a message may quote what was presented.
      const name = error instanceof Error ? error.constructor.name : typeof error;
      return refuse('AUTH_UNKNOWN', `the check itself failed with ${name}`);
    }
  }

  isCurrent(principal: Principal): boolean {
    if (this.#closed) return false;
    try {
      const chain = this.#chains.get(principal);
      if (chain) {
        const everybody = chain.credentials.every((credential) => this.#directory.isCurrent(credential));
        return everybody && this.#nowMs() < chain.expiresAtMs;
      }
      const user = this.#jwt.isCurrent(principal);
      if (user !== undefined) return user;
      const credential = this.#directory.registry.findById(principal.id);
      return credential?.principal === principal && this.#directory.isCurrent(credential);
    } catch {
      // Without a clock nobody is current.
      return false;
    }
  }

  refresh(): Promise<void> {
    return this.#directory.refresh();
  }

  reconfigure(config: IdentityConfig): void {
    // Whatever may refuse comes before whatever changes.
    parseRate(config.authFailureRate);
    const takeOver = this.#jwt.prepare(config.jwtIssuers ?? {});
    this.#directory.replaceEntries(config);
    takeOver();
    this.#failures.changeRate(config.authFailureRate);
  }

  listPrincipals(): readonly ListedPrincipal[] {
    return this.#directory.list();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#jwt[Symbol.dispose]();
    await this.#directory[Symbol.asyncDispose]();
  }

  async #check(presented: Presented): Promise<AuthResult> {
    if (this.#closed) return refuse('AUTH_UNKNOWN', 'the gateway is closing');
    const bearer = readBearer(presented.authorization);
    // Nothing was guessed, so nothing is counted.
    if (!bearer.ok && bearer.code === 'AUTH_MISSING') return refuse(bearer.code, bearer.detail);

    const source = sourceGroup(presented.source);
    const { registry } = this.#directory;
    const isKnown = (keyed: string): boolean => registry.findByHash(keyed) !== undefined;
    const hash = bearer.ok ? this.#hashes.of(bearer.token, isKnown) : '';
    const retryAfterSeconds = this.#failures.waitSeconds(source);
    if (retryAfterSeconds > 0 && !this.#failures.isTrusted(source, hash)) {
      return refuse('AUTH_RATE_LIMITED', `too many failed attempts from ${source}`, { retryAfterSeconds });
    }
    if (!bearer.ok) {
      this.#failures.fail(source);
      return refuse(bearer.code, bearer.detail);
    }
    const { token } = bearer;
    const known = registry.findByHash(hash);
    if (known === undefined) {
      const { path, delegationChain } = presented;
      const login = this.#jwt.login({ token, hash, source, path, delegationChain });
      if (login !== undefined) return await login;
    }
    const credential = known ?? (await this.#searchStore(source, token, hash));
    const hint = tokenHint(token);
    // The search has counted this one already.
    if (credential === undefined) return refuse('AUTH_UNKNOWN', 'no such token', { hint });

    const result = await this.#checkCredential(credential, hint, presented);
    if (result.ok) this.#failures.trust(source, hash);
    else this.#failures.fail(source);
    return result;
  }

  /**
   * Looks for a token that was issued a moment ago. Counts a failure first, else many guesses at once would all pass the limit, and takes it back when
   * the token is found. The same token from the same source at the same time is one guess.
   */
  #searchStore(source: string, token: string, hash: string): Promise<Credential | undefined> {
    const key = `${source} ${hash}`;
    const underWay = this.#searches.get(key);
    if (underWay) return underWay;
    this.#failures.fail(source);
    const search = this.#lookAgain(token, hash)
      .then((found) => {
        if (found) this.#failures.forgive(source);
        return found;
      })
      .finally(() => this.#searches.delete(key));
    this.#searches.set(key, search);
    return search;
  }

  async #lookAgain(token: string, hash: string): Promise<Credential | undefined> {
    if (!isIssuedForm(token)) return undefined;
    await this.#directory.refresh();
    return this.#directory.registry.findByHash(hash);
  }

  async #checkCredential(credential: Credential, hint: string, presented: Presented): Promise<AuthResult> {
    const { principal, agent } = credential;
    const standing = this.#directory.standing(credential);
    if (standing !== 'current') {
      const [code, detail] = standingRefusals[standing](principal.id);
      return refuse(code, detail, { hint });
    }
    if (agent && presented.codeHash !== agent.codeHash) {
      const what = presented.codeHash === undefined ? 'no code hash' : 'another code hash';
      return refuse('AUTH_CODE_HASH', `${principal.id} presented ${what}`, { hint });
    }
    if (presented.delegationChain === undefined) return { ok: true, principal };

    const outcome = await resolveDelegation(presented.delegationChain, credential, {
      registry: this.#directory.registry,
      audience: this.#audience,
      nowMs: this.#nowMs(),
    });
    if (!outcome.ok) {
      const link = outcome.link === undefined ? {} : { failingLink: outcome.link };
      return refuse('AUTH_DELEGATION', `${principal.id}: ${outcome.detail}`, { hint, ...link });
    }
    const delegation = Object.freeze({ grants: outcome.grants });
    const delegated: Principal = Object.freeze({ ...principal, delegation });
    this.#chains.set(delegated, {
      credentials: [credential, ...outcome.delegators],
      expiresAtMs: outcome.expiresAtMs,
    });
    if (this.isCurrent(delegated)) return { ok: true, principal: delegated };
    return refuse('AUTH_DELEGATION', `${principal.id}: somebody in the chain is no longer current`, { hint });
  }
}
