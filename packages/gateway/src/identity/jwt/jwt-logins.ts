import { isDeepStrictEqual } from 'node:util';
import type { Principal } from '@smcp/policy';
import type { JwtIssuerConfig } from '../../config/schema.ts';
import type { FailureLimit } from '../failure-limit.ts';
import { IdentityError } from '../identity-error.ts';
import type { AuthErrorCode, AuthResult } from '../identity.ts';
import { refuse } from '../refusal.ts';
import { AcceptedTokens, type AcceptedToken } from './accepted-tokens.ts';
import { isForUs } from './audience.ts';
import { checkToken } from './check-token.ts';
import type { FetchDocument } from './fetch-document.ts';
import { toIssuerTerms, type IssuerTerms } from './issuer-terms.ts';
import { checkSignature, decodeToken, type DecodedToken } from './jose.ts';
import { KeySource } from './key-source.ts';
import type { KeySet } from './key-set.ts';
import { hasJwtForm, readToken, type ReadToken } from './read-token.ts';
import { toPrincipal } from './to-principal.ts';
import { Turns } from './turns.ts';

const RETRY_AFTER_SECONDS = 5;

/** Issuers as configured, by name. */
export type JwtIssuers = Readonly<Record<string, JwtIssuerConfig>>;

export interface JwtLoginsOptions {
  readonly issuers: JwtIssuers;
  /** Address of this gateway: what tokens must be made for. */
  readonly base: () => string;
  readonly failures: FailureLimit;
  readonly fetchDocument: FetchDocument;
  /** Milliseconds since 1970 that never go back. */
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  /** Told by the issuer's name when its keys could not be fetched. */
  readonly onIssuerError: (name: string, error: unknown) => void;
}

export interface JwtAttempt {
  readonly token: string;
  /** Keyed hash of the token. */
  readonly hash: string;
  /** The unit in which failures are counted. */
  readonly source: string;
  readonly path: string | undefined;
  readonly delegationChain: string | undefined;
}

interface Issuer {
  readonly config: JwtIssuerConfig;
  readonly terms: IssuerTerms;
  readonly keys: KeySource;
}

/** What a user stands on. */
interface Binding {
  readonly issuer: Issuer;
  readonly endsAtMs: number;
}

/**
 * Logins with access tokens of external issuers. Fails closed: whatever cannot be checked is refused. Counts failures as the logins with own tokens do;
 * the signatures of one source are checked one after another, so that guesses at once do not pass the limit.
 */
export class JwtLogins implements Disposable {
  readonly #options: JwtLoginsOptions;
  readonly #accepted: AcceptedTokens;
  readonly #turns = new Turns();
  readonly #bindings = new WeakMap<Principal, Binding>();
  /** By what tokens write in `iss`. */
  #issuers: ReadonlyMap<string, Issuer> = new Map();

  /** @throws {IdentityError} as `prepare` does. */
  constructor(options: JwtLoginsOptions) {
    this.#options = options;
    this.#accepted = new AcceptedTokens(options.monotonicMs);
    this.prepare(options.issuers)();
  }

  /** Undefined when the token is no JWT, or not of a configured issuer: then it may be something else, and nothing was waited for. */
  login(attempt: JwtAttempt): Promise<AuthResult> | undefined {
    const remembered = this.#recall(attempt.hash);
    if (remembered !== undefined) return Promise.resolve(this.#conclude(remembered, attempt));
    if (this.#issuers.size === 0 || !hasJwtForm(attempt.token)) return undefined;
    const decoded = decodeToken(attempt.token);
    const named = decoded?.claims['iss'];
    const issuer = typeof named === 'string' ? this.#issuers.get(named) : undefined;
    return decoded && issuer && this.#check(attempt, issuer, decoded);
  }

  /** Whether a user may go on; undefined when the principal did not come from here. */
  isCurrent(principal: Principal): boolean | undefined {
    const binding = this.#bindings.get(principal);
    return binding === undefined ? undefined : this.#stands(binding);
  }

  /**
   * Gets ready for other issuers and changes nothing until the result is called, which cannot fail. An issuer that is configured as before keeps its
   * keys, and its users stay; those of all others end. Every signature is checked again.
   *
   * @throws {IdentityError} `IDENTITY_INVALID` when two entries are the same issuer.
   */
  prepare(issuers: JwtIssuers): () => void {
    const next = new Map<string, Issuer>();
    for (const [name, config] of Object.entries(issuers)) {
      if (next.has(config.issuer)) {
        throw new IdentityError('IDENTITY_INVALID', `The issuer of ${name} is configured twice`);
      }
      const former = this.#issuers.get(config.issuer);
      const isSame = former?.terms.name === name && isDeepStrictEqual(former.config, config);
      next.set(config.issuer, isSame ? former : this.#open(name, config));
    }
    return () => {
      const former = [...this.#issuers.values()];
      this.#issuers = next;
      this.#accepted.doubt();
      for (const issuer of former) {
        if (next.get(issuer.terms.issuer) !== issuer) issuer.keys[Symbol.dispose]();
      }
    };
  }

  [Symbol.dispose](): void {
    this.prepare({})();
  }

  #open(name: string, config: JwtIssuerConfig): Issuer {
    const terms = toIssuerTerms(name, config);
    const { fetchDocument, monotonicMs, onIssuerError } = this.#options;
    const onError = (error: unknown): void => {
      onIssuerError(name, error);
    };
    return { config, terms, keys: new KeySource({ terms, fetchDocument, monotonicMs, onError }) };
  }

  async #check(attempt: JwtAttempt, issuer: Issuer, decoded: DecodedToken): Promise<AuthResult> {
    const { name } = issuer.terms;
    const reading = readToken(decoded);
    if (!reading.ok) return this.#fail(attempt, 'AUTH_MALFORMED', `issuer ${name}: ${reading.detail}`);
    const check = checkToken(reading.token, issuer.terms, this.#options.nowMs() / 1000);
    if (!check.ok) return this.#fail(attempt, check.code, `issuer ${name}: ${check.detail}`);
    const { audiences, endsAtSeconds } = check.terms;
    if (!this.#isForUs(audiences, issuer, attempt)) return this.#wrongAudience(attempt, issuer);

    const keys = await issuer.keys.keysFor(reading.token.kid);
    if (keys === undefined) {
      // Whoever sent it has done nothing wrong that we know of.
      const retry = { retryAfterSeconds: RETRY_AFTER_SECONDS };
      return refuse('AUTH_UNAVAILABLE', `issuer ${name}: its keys cannot be had`, retry);
    }
    const terms = { audiences, endsAtMs: endsAtSeconds * 1000 };
    return await this.#turns.run(
      attempt.source,
      async () => await this.#verify(attempt, issuer, reading.token, keys, terms),
    );
  }

  async #verify(
    attempt: JwtAttempt,
    issuer: Issuer,
    token: ReadToken,
    keys: KeySet,
    terms: Omit<AcceptedToken, 'principal'>,
  ): Promise<AuthResult> {
    const { hash, source } = attempt;
    // The same token may have come several times at once.
    const remembered = this.#recall(hash);
    if (remembered !== undefined) return this.#conclude(remembered, attempt);
    const { failures } = this.#options;
    const retryAfterSeconds = failures.waitSeconds(source);
    if (retryAfterSeconds > 0 && !failures.isTrusted(source, hash)) {
      return refuse('AUTH_RATE_LIMITED', `too many failed attempts from ${source}`, { retryAfterSeconds });
    }
    const { name, algorithms, requiredScopes: scopes } = issuer.terms;
    if (token.kid !== undefined && !keys.kids.has(token.kid)) {
      return this.#fail(attempt, 'AUTH_UNKNOWN', `issuer ${name}: it has no such key`);
    }
    // Counted at first and taken back in the end, so that a check that breaks is a failure, too.
    failures.fail(source);
    const signature = await checkSignature(attempt.token, keys, algorithms);
    failures.forgive(source);
    if (!signature.ok) return this.#fail(attempt, 'AUTH_UNKNOWN', `issuer ${name}: ${signature.detail}`);

    const user = toPrincipal(token.claims, issuer.terms);
    if (!user.ok) return this.#fail(attempt, 'AUTH_UNKNOWN', `issuer ${name}: ${user.detail}`);
    const missing = scopes.filter((scope) => user.principal.scopes?.includes(scope) !== true);
    if (missing.length > 0) {
      const detail = `${user.principal.id}: the token lacks ${missing.join(' ')}`;
      return this.#fail(attempt, 'AUTH_SCOPE', detail, { scopes });
    }
    const former = this.#accepted.former(hash)?.principal;
    const isKnown = former !== undefined && this.#bindings.get(former)?.issuer === issuer;
    const principal = isKnown ? former : user.principal;
    const accepted = { ...terms, principal };
    this.#bindings.set(principal, { issuer, endsAtMs: terms.endsAtMs });
    this.#accepted.remember(hash, accepted);
    return this.#conclude(accepted, attempt);
  }

  #recall(hash: string): AcceptedToken | undefined {
    const token = this.#accepted.recall(hash);
    if (token === undefined || this.isCurrent(token.principal) === true) return token;
    this.#accepted.forget(hash);
    return undefined;
  }

  /** What depends on this request and this moment. */
  #conclude({ principal, audiences }: AcceptedToken, attempt: JwtAttempt): AuthResult {
    const binding = this.#bindings.get(principal);
    if (binding === undefined || !this.#stands(binding)) {
      return refuse('AUTH_UNKNOWN', `${principal.id}: expired or dropped while it was checked`);
    }
    if (!this.#isForUs(audiences, binding.issuer, attempt))
      return this.#wrongAudience(attempt, binding.issuer);
    if (attempt.delegationChain !== undefined) {
      return this.#fail(attempt, 'AUTH_DELEGATION', `${principal.id}: a user acts for nobody else`);
    }
    this.#options.failures.trust(attempt.source, attempt.hash);
    return { ok: true, principal };
  }

  #stands({ issuer, endsAtMs }: Binding): boolean {
    return this.#issuers.get(issuer.terms.issuer) === issuer && this.#options.nowMs() < endsAtMs;
  }

  #isForUs(audiences: readonly string[], { terms }: Issuer, { path }: JwtAttempt): boolean {
    return isForUs(audiences, terms.audiences, this.#options.base(), path);
  }

  #wrongAudience(attempt: JwtAttempt, { terms }: Issuer): AuthResult {
    return this.#fail(attempt, 'AUTH_UNKNOWN', `issuer ${terms.name}: made for another audience`);
  }

  #fail(
    { source }: JwtAttempt,
    code: AuthErrorCode,
    detail: string,
    more: { readonly scopes?: readonly string[] } = {},
  ): AuthResult {
    this.#options.failures.fail(source);
    return refuse(code, detail, more);
  }
}
