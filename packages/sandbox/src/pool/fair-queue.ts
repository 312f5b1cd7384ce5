/**
 * Those who wait, served in turn by owner: an owner with a hundred waiting delays another's first by one.
 */
export class FairQueue<T> {
  /** In the order in which owners have their turn. */
  readonly #byOwner = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(owner: string): number {
    return this.#byOwner.get(owner)?.length ?? 0;
  }

  add(owner: string, item: T): void {
    const items = this.#byOwner.get(owner);
    if (items === undefined) {
      this.#byOwner.set(owner, [item]);
    } else {
      items.push(item);
    }
    this.#size += 1;
  }

  /** The first so many to be served: one of each owner, then the second of each, and so on. */
  inTurn(max: number): T[] {
    const turn: T[] = [];
    const owners = [...this.#byOwner.values()];
    for (let round = 0; turn.length < Math.min(max, this.#size); round += 1) {
      for (const items of owners) {
        const item = items[round];
        if (item !== undefined && turn.length < max) {
          turn.push(item);
        }
      }
    }
    return turn;
  }

  /** Removes who was served; the next turn of the owner comes after all others'. */
  served(owner: string, item: T): void {
    this.remove(owner, item);
    const items = this.#byOwner.get(owner);
    if (items !== undefined) {
      this.#byOwner.delete(owner);
      this.#byOwner.set(owner, items);
    }
  }

  remove(owner: string, item: T): void {
    const items = this.#byOwner.get(owner);
    const index = items?.indexOf(item) ?? -1;
    if (items !== undefined && index >= 0) {
      items.splice(index, 1);
      this.#size -= 1;
      if (items.length === 0) {
        this.#byOwner.delete(owner);
      }
    }
  }

  /** Takes all. */
  drain(): T[] {
    const items = this.items();
    this.#byOwner.clear();
    this.#size = 0;
    return items;
  }

  /** All who wait. */
  items(): T[] {
    return [...this.#byOwner.values()].flat();
  }
}
