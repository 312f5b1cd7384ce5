import type { UpstreamSpec } from '../upstream-spec.ts';

const MAX_REMEMBERED = 1000;
const KEPT_MS = 60 * 60_000;

/**
 * Which servers turned out to shake hands where finding out took time, so that the next one who reaches them begins with that. A note is forgotten
 * after an hour: the server may have been made anew. Keeps the newest 1,000.
 */
export class EraMemory {
  readonly #now: () => number;
  readonly #notedAt = new Map<string, number>();

  /** @param now Milliseconds of a monotonic clock. */
  constructor(now: () => number) {
    this.#now = now;
  }

  shakesHands(spec: UpstreamSpec): boolean {
    const notedAt = this.#notedAt.get(keyOf(spec));
    return notedAt !== undefined && this.#now() - notedAt < KEPT_MS;
  }

  note(spec: UpstreamSpec): void {
    const key = keyOf(spec);
    this.#notedAt.delete(key);
    this.#notedAt.set(key, this.#now());
    if (this.#notedAt.size > MAX_REMEMBERED) {
      const [oldest] = this.#notedAt.keys();
      this.#notedAt.delete(oldest ?? '');
    }
  }

  forget(spec: UpstreamSpec): void {
    this.#notedAt.delete(keyOf(spec));
  }
}

/** Server and place. Not to be shown: arguments may hold secrets. */
function keyOf(spec: UpstreamSpec): string {
  return JSON.stringify(
    spec.kind === 'http'
      ? [spec.server, spec.url.origin + spec.url.pathname]
      : [spec.server, spec.command, spec.args, spec.cwd],
  );
}
