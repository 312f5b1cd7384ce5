import { Catalog } from './catalog.ts';

const MAX_CATALOGS = 5000;

/** Catalogues by server, configuration and credential. Bounded: the one used longest ago goes first, and is fetched again when asked for. */
export class CatalogStore {
  readonly #now: () => number;
  readonly #catalogs = new Map<string, Catalog>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string): Catalog {
    const known = this.#catalogs.get(key);
    if (known !== undefined) {
      // Keeps the map in the order of use.
      this.#catalogs.delete(key);
      this.#catalogs.set(key, known);
      return known;
    }
    const [oldest] = this.#catalogs.keys();
    if (this.#catalogs.size >= MAX_CATALOGS && oldest !== undefined) {
      this.#catalogs.delete(oldest);
    }
    const made = new Catalog(this.#now);
    this.#catalogs.set(key, made);
    return made;
  }

  /** The one that is there, without making it or counting as a use. */
  peek(key: string): Catalog | undefined {
    return this.#catalogs.get(key);
  }

  retain(isKept: (key: string) => boolean): void {
    for (const key of this.#catalogs.keys()) {
      if (!isKept(key)) {
        this.#catalogs.delete(key);
      }
    }
  }
}
