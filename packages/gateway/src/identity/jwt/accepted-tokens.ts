import type { Principal } from '@smcp/policy';

/** After so long the signature is checked again, so that a key that was withdrawn ends what it signed. */
const REMEMBERED_MS = 60 * 1000;
const MAX_TOKENS = 10_000;

export interface AcceptedToken {
  /** The one object that this token gives while it is remembered, so that caches can key on it. */
  readonly principal: Principal;
  readonly audiences: readonly string[];
  /** Milliseconds since 1970. */
  readonly endsAtMs: number;
}

/** Tokens whose signature was found good a moment ago, by keyed hash. The longest unused is forgotten first. */
export class AcceptedTokens {
  readonly #monotonicMs: () => number;
  readonly #tokens = new Map<string, { readonly token: AcceptedToken; readonly sinceMs: number }>();

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** The token, when it was accepted within the last minute. */
  recall(hash: string): AcceptedToken | undefined {
    const entry = this.#tokens.get(hash);
    if (entry === undefined || this.#monotonicMs() - entry.sinceMs >= REMEMBERED_MS) return undefined;
    this.#tokens.delete(hash);
    this.#tokens.set(hash, entry);
    return entry.token;
  }

  /** What was known of the token before, however long ago: the same text says the same. */
  former(hash: string): AcceptedToken | undefined {
    return this.#tokens.get(hash)?.token;
  }

  remember(hash: string, token: AcceptedToken): void {
    this.#tokens.delete(hash);
    this.#tokens.set(hash, { token, sinceMs: this.#monotonicMs() });
    const oldest = this.#tokens.size > MAX_TOKENS ? this.#tokens.keys().next().value : undefined;
    if (oldest !== undefined) this.#tokens.delete(oldest);
  }

  forget(hash: string): void {
    this.#tokens.delete(hash);
  }

  /** From now on every token has to be checked again before it is recalled. */
  doubt(): void {
    for (const [hash, { token }] of this.#tokens) this.#tokens.set(hash, { token, sinceMs: -Infinity });
  }

  get size(): number {
    return this.#tokens.size;
  }
}
