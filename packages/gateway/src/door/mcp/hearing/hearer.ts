import type { Principal } from '@smcp/policy';
import type { ListKind } from '../../../catalog/index.ts';

/** A client that is told when lists change: a session, or a stream that listens. */
export interface Hearer {
  /** Path of the endpoint whose lists it sees. */
  readonly endpoint: string;
  readonly principalNow: Principal;
  /** Whether it may know what the list was before, so that a change means something to it. */
  hasListed(kind: ListKind): boolean;
  /** Must not throw. Does nothing when it was not promised to hear of this. */
  tellListChanged(kind: Pick<ListKind, 'capability' | 'changed'>): void;
}

/** Everybody who hears of changed lists. */
export class Hearers {
  readonly #all = new Set<Hearer>();

  add(hearer: Hearer): void {
    this.#all.add(hearer);
  }

  delete(hearer: Hearer): void {
    this.#all.delete(hearer);
  }

  all(): Iterable<Hearer> {
    return this.#all;
  }
}
