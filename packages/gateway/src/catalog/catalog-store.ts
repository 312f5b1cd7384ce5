import { Catalog } from './catalog.ts';
import { ChangeCoalescer, type Schedule } from './change-coalescer.ts';
import type { DefinitionFilter } from './definition-filter.ts';
import type { ListKind } from './list-all.ts';

const MAX_CATALOGS = 5000;
/** A server that says again and again that its list changed makes us ask and tell once in this time. */
export const CHANGE_INTERVAL_MS = 1000;

/** Catalogues by server, configuration and credential. Bounded: the one used longest ago goes first, and is fetched again when asked for. */
export class CatalogStore {
  readonly #now: () => number;
  readonly #catalogs = new Map<string, Catalog>();
  readonly #changes: ChangeCoalescer;

  constructor(now: () => number, schedule?: Schedule) {
    this.#now = now;
    this.#changes = new ChangeCoalescer(CHANGE_INTERVAL_MS, schedule);
  }

  /** @param filter Sees what the catalogue fetches from now on, in place of the one given before. */
  get(key: string, filter?: DefinitionFilter): Catalog {
    const known = this.#catalogs.get(key);
    if (known !== undefined) {
      // Keeps the map in the order of use.
      this.#catalogs.delete(key);
      this.#catalogs.set(key, known);
      known.useFilter(filter);
      return known;
    }
    const [oldest] = this.#catalogs.keys();
    if (this.#catalogs.size >= MAX_CATALOGS && oldest !== undefined) {
      this.#catalogs.delete(oldest);
    }
    const made = new Catalog(this.#now, filter);
    this.#catalogs.set(key, made);
    return made;
  }

  /** The one that is there, without making it or counting as a use. */
  peek(key: string): Catalog | undefined {
    return this.#catalogs.get(key);
  }

  /**
   * Takes a notification of the server behind a catalogue. Of those that say the same within a second only the first and the last have an effect:
   * what is known is forgotten, and `tell` is called once. Other notifications have none.
   */
  changed(key: string, method: string, tell: (kind: ListKind) => void): void {
    const catalog = this.#catalogs.get(key);
    if (catalog === undefined || !catalog.markChanged(method)) {
      return;
    }
    this.#changes.signal(`${method}\n${key}`, () => {
      // The store may have let the catalogue go and made another since. Lists that change together are told as one.
      const [kind] = this.#catalogs.get(key)?.invalidateChanged(method) ?? [];
      if (kind !== undefined) {
        tell(kind);
      }
    });
  }

  /** Forgets what is known of all catalogues whose key begins so. */
  invalidate(prefix: string): void {
    for (const [key, catalog] of this.#catalogs) {
      if (key.startsWith(prefix)) {
        catalog.invalidate();
      }
    }
  }

  retain(isKept: (key: string) => boolean): void {
    for (const key of this.#catalogs.keys()) {
      if (!isKept(key)) {
        this.#catalogs.delete(key);
      }
    }
  }
}
