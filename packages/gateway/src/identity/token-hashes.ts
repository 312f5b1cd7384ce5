import { hash } from 'node:crypto';
import type { HashToken } from './credential.ts';

const MAX_KEPT = 10_000;

/**
 * Keyed hashes of tokens, with a memory for those that were let in: the plain hash under which they are remembered costs a fifth of the keyed one. No token
 * is kept, and none that was refused leaves a trace. A remembered hash says nothing about whether its token is still good.
 */
export class TokenHashes {
  readonly #hashToken: HashToken;
  readonly #kept = new Map<string, string>();

  constructor(hashToken: HashToken) {
    this.#hashToken = hashToken;
  }

  /** @param isLetIn Whether a token with this keyed hash is known; only then is it remembered. */
  of(token: string, isLetIn: (keyed: string) => boolean): string {
    const plain = hash('sha256', token, 'base64url');
    const kept = this.#kept.get(plain);
    if (kept !== undefined) return kept;
    const keyed = this.#hashToken(token);
    if (isLetIn(keyed)) {
      if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
      this.#kept.set(plain, keyed);
    }
    return keyed;
  }
}
