import type { Limiter } from '../../limit/index.ts';
import { ChannelError } from '../channel/channel-error.ts';
import { asFields, countOf, textOf } from '../channel/fields.ts';

/** What a worker is told: a slot to release by its number, or why there is none. */
export type SlotAnswer =
  | { readonly ok: true; readonly slot: number }
  | {
      readonly ok: false;
      readonly code: string;
      readonly scope: string;
      readonly retryAfterMs: number;
      readonly message: string;
    };

/** Asks the limits of the gateway for one worker, and knows what that worker holds. */
export class LimitDesk {
  readonly #limiter: Pick<Limiter, 'acquire'>;
  readonly #held = new Map<number, () => void>();
  #lastSlot = 0;

  constructor(limiter: Pick<Limiter, 'acquire'>) {
    this.#limiter = limiter;
  }

  get heldSlots(): number {
    return this.#held.size;
  }

  /** @throws {ChannelError} `CHANNEL_BROKEN` when that is no question. */
  acquire(body: unknown): SlotAnswer {
    const fields = asFields(body);
    const admission = this.#limiter.acquire({
      principalId: textOf(fields, 'principalId'),
      tenant: textOf(fields, 'tenant'),
      server: textOf(fields, 'server'),
      tool: textOf(fields, 'tool'),
    });
    if (!admission.ok) {
      const { code, scope, retryAfterMs, message } = admission;
      return { ok: false, code, scope, retryAfterMs: Math.ceil(retryAfterMs), message };
    }
    this.#lastSlot += 1;
    this.#held.set(this.#lastSlot, admission.release);
    return { ok: true, slot: this.#lastSlot };
  }

  /** @throws {ChannelError} `CHANNEL_BROKEN` when the worker does not hold that slot. */
  release(body: unknown): void {
    const slot = countOf(asFields(body), 'slot');
    const release = this.#held.get(slot);
    if (release === undefined) {
      throw new ChannelError('CHANNEL_BROKEN', 'The other process released what it does not hold');
    }
    this.#held.delete(slot);
    release();
  }

  /** The worker has ended, and with it its calls. */
  releaseAll(): void {
    for (const release of this.#held.values()) {
      release();
    }
    this.#held.clear();
  }
}
