import type { OpenCall } from './open-call.ts';

export interface ParkedLimits {
  readonly maxParked: number;
  readonly maxParkedPerPrincipal: number;
}

/** Calls that are open upstream while their clients are away to fetch answers. Bounded, all together and for each principal. */
export class ParkedCalls implements Disposable {
  readonly #limits: ParkedLimits;
  readonly #calls = new Map<string, OpenCall>();
  readonly #perOwner = new Map<string, number>();

  constructor(limits: ParkedLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Takes a call in, or says that there is no room. */
  admit(call: OpenCall): boolean {
    const ofOwner = this.#perOwner.get(call.owner) ?? 0;
    if (this.#calls.size >= this.#limits.maxParked || ofOwner >= this.#limits.maxParkedPerPrincipal) {
      return false;
    }
    this.#calls.set(call.id, call);
    this.#perOwner.set(call.owner, ofOwner + 1);
    return true;
  }

  find(id: string): OpenCall | undefined {
    return this.#calls.get(id);
  }

  remove(call: OpenCall): void {
    if (!this.#calls.delete(call.id)) {
      return;
    }
    const left = (this.#perOwner.get(call.owner) ?? 1) - 1;
    if (left === 0) {
      this.#perOwner.delete(call.owner);
    } else {
      this.#perOwner.set(call.owner, left);
    }
  }

  [Symbol.dispose](): void {
    for (const call of this.#calls.values()) {
      call.expire();
    }
  }
}
