import type { FetchDocument } from './fetch-document.ts';
import { fetchKeys } from './find-keys.ts';
import type { IssuerTerms } from './issuer-terms.ts';
import { readKeySet, type KeySet } from './key-set.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** Older keys are fetched again before they are used. */
const FRESH_MS = 10 * MINUTE_MS;
/** Keys that could not be fetched again are used for so long: an issuer may be away for a while, but a withdrawn key must not live on. */
const USABLE_MS = 60 * MINUTE_MS;
/** A key nobody knows makes the gateway look again, but not more often than this: whoever writes a token chooses its `kid`. */
const UNKNOWN_KEY_PAUSE_MS = 30 * SECOND_MS;
/** After a failure nobody is asked again for so long. */
const FAILURE_PAUSE_MS = 5 * SECOND_MS;
/** For all requests of one attempt together. */
const ATTEMPT_MS = 5 * SECOND_MS;

export interface KeySourceOptions {
  readonly terms: Pick<IssuerTerms, 'issuer' | 'jwksUrl'>;
  readonly fetchDocument: FetchDocument;
  readonly monotonicMs: () => number;
  /** Told about every failed attempt. */
  readonly onError: (error: unknown) => void;
}

/** The keys of one issuer: fetched when first needed, kept, fetched again when old or when a key is unknown. One attempt at a time. */
export class KeySource implements Disposable {
  readonly #options: KeySourceOptions;
  readonly #closing = new AbortController();
  #keys: KeySet | undefined;
  #fetchedAtMs = -Infinity;
  #failedAtMs = -Infinity;
  #askedForUnknownAtMs = -Infinity;
  #attempt: Promise<void> | undefined;

  constructor(options: KeySourceOptions) {
    this.#options = options;
  }

  /**
   * The keys to check a token with; undefined when there are none to be had. Whether `kid` is among them is for the caller to see. Never rejects.
   *
   * @param kid The key that the token names, if it does.
   */
  async keysFor(kid: string | undefined): Promise<KeySet | undefined> {
    const now = this.#options.monotonicMs();
    const usable = this.#ifUsable(now);
    if (usable === undefined || now - this.#fetchedAtMs >= FRESH_MS) {
      await this.#refresh(now);
    } else if (kid !== undefined && !usable.kids.has(kid)) {
      await this.#refreshForUnknown(now);
    }
    return this.#ifUsable(this.#options.monotonicMs());
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
    this.#keys = undefined;
  }

  #ifUsable(now: number): KeySet | undefined {
    return now - this.#fetchedAtMs < USABLE_MS ? this.#keys : undefined;
  }

  async #refreshForUnknown(now: number): Promise<void> {
    if (this.#attempt === undefined) {
      if (now - this.#askedForUnknownAtMs < UNKNOWN_KEY_PAUSE_MS) return;
      this.#askedForUnknownAtMs = now;
    }
    await this.#refresh(now);
  }

  async #refresh(now: number): Promise<void> {
    if (this.#attempt === undefined) {
      if (this.#closing.signal.aborted || now - this.#failedAtMs < FAILURE_PAUSE_MS) return;
      this.#attempt = this.#fetch().finally(() => (this.#attempt = undefined));
    }
    await this.#attempt;
  }

  async #fetch(): Promise<void> {
    const { terms, fetchDocument, monotonicMs, onError } = this.#options;
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ATTEMPT_MS)]);
    try {
      const keys = readKeySet(await fetchKeys(terms, fetchDocument, signal));
      if (this.#closing.signal.aborted) return;
      this.#keys = keys;
      this.#fetchedAtMs = monotonicMs();
    } catch (error) {
      this.#failedAtMs = monotonicMs();
      if (!this.#closing.signal.aborted) onError(error);
    }
  }
}
