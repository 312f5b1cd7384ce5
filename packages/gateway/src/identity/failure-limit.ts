import type { RateConfig } from '../config/schema.ts';
import { parseRate, TokenBucket } from '../limit/index.ts';
import type { Rate } from '../limit/index.ts';

const MINUTE_MS = 60 * 1000;
/** How long a credential that worked keeps its source open to itself. */
const TRUST_MS = 10 * MINUTE_MS;
/** Repeated successes are noted again only after this, to keep the frequent path cheap. */
const NOTE_AGAIN_MS = MINUTE_MS;
const MAX_SOURCES = 10_000;
const MAX_TRUSTED = 10_000;

/**
 * Failed logins per source, as token buckets. A source whose bucket is empty is refused before its token is looked up, save for credentials that
 * worked from there in the last ten minutes: one bad client behind a proxy does not lock out the others.
 *
 * Memory is bounded: 10,000 sources, and 10,000 pairs of a source and a credential that worked there; the longest untouched is forgotten first.
 */
export class FailureLimit {
  readonly #monotonicMs: () => number;
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #trusted = new Map<string, number>();
  #rate: Rate;

  /** @throws {SyntaxError | RangeError} when `rate` cannot be read. */
  constructor(rate: RateConfig, monotonicMs: () => number) {
    this.#rate = parseRate(rate);
    this.#monotonicMs = monotonicMs;
  }

  /** Whole seconds until `source` may fail again; 0 when it may now. */
  waitSeconds(source: string): number {
    const bucket = this.#buckets.get(source);
    if (bucket === undefined) return 0;
    const taken = bucket.take();
    if (!taken.ok) return Math.ceil(taken.retryAfterMs / 1000);
    bucket.giveBack();
    if (bucket.full) this.#buckets.delete(source);
    return 0;
  }

  /** Counts one failure. */
  fail(source: string): void {
    const bucket = this.#buckets.get(source) ?? new TokenBucket(this.#rate, this.#monotonicMs);
    bucket.take();
    touch(this.#buckets, source, bucket, MAX_SOURCES);
  }

  /** Takes back one failure that turned out to be none. */
  forgive(source: string): void {
    this.#buckets.get(source)?.giveBack();
  }

  /** Notes that a credential, named by its keyed hash, worked from `source`. Forgives no failure. */
  trust(source: string, credentialHash: string): void {
    const key = `${source} ${credentialHash}`;
    const now = this.#monotonicMs();
    const noted = this.#trusted.get(key);
    if (noted === undefined || now - noted >= NOTE_AGAIN_MS) touch(this.#trusted, key, now, MAX_TRUSTED);
  }

  isTrusted(source: string, credentialHash: string): boolean {
    const noted = this.#trusted.get(`${source} ${credentialHash}`);
    return noted !== undefined && this.#monotonicMs() - noted < TRUST_MS;
  }

  /** Continues with another rate; failures so far stay counted. */
  changeRate(rate: RateConfig): void {
    this.#rate = parseRate(rate);
    for (const bucket of this.#buckets.values()) bucket.changeRate(this.#rate);
  }

  /** Sources and trusted pairs held at the moment. */
  get size(): number {
    return this.#buckets.size + this.#trusted.size;
  }
}

/** Puts `key` last in `map` and drops the first when there are too many. */
function touch<T>(map: Map<string, T>, key: string, value: T, max: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= max) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
