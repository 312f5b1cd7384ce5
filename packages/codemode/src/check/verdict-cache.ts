import { createHash } from 'node:crypto';
import type { CheckReply, CheckRequest } from './check.ts';

/** Remembers the verdicts on what was checked last: the same question has the same answer. */
export class VerdictCache {
  readonly #maxCount: number;
  readonly #maxBytes: number;
  readonly #replies = new Map<string, { readonly reply: CheckReply; readonly bytes: number }>();
  #bytes = 0;

  constructor(maxCount: number, maxBytes: number) {
    this.#maxCount = maxCount;
    this.#maxBytes = maxBytes;
  }

  get(key: string): CheckReply | undefined {
    const kept = this.#replies.get(key);
    if (kept === undefined) return undefined;
    this.#replies.delete(key);
    this.#replies.set(key, kept);
    return kept.reply;
  }

  set(key: string, reply: CheckReply): void {
    this.#drop(key);
    const bytes = Buffer.byteLength(JSON.stringify(reply)) + key.length;
    this.#replies.set(key, { reply, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#replies.keys()) {
      if (this.#replies.size <= this.#maxCount && this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#replies.get(key)?.bytes ?? 0;
    this.#replies.delete(key);
  }
}

/** Equal for requests that ask the same. */
export function verdictKey(request: CheckRequest): string {
  const hash = createHash('sha256');
  const parts = [
    request.language,
    request.name,
    request.wantsDeclares === true ? 'declares' : '',
    request.earlier ?? '',
    request.code,
    ...request.declarations.flatMap(({ name, text }) => [name, text]),
  ];
  // The lengths keep apart what would read the same when written one after the other.
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('base64url');
}
