import type { Principal } from '@smcp/policy';

/** Equal for what one principal has, whoever stands behind it. */
export function ownerKey({ tenant, id }: Principal): string {
  return `${tenant}\n${id}`;
}

/** Counts how many of something each key has. A key that has none is forgotten. */
export class Tally {
  readonly #counts = new Map<string, number>();

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: string): void {
    this.#counts.set(key, this.of(key) + 1);
  }

  remove(key: string): void {
    const count = this.of(key) - 1;
    if (count <= 0) {
      this.#counts.delete(key);
    } else {
      this.#counts.set(key, count);
    }
  }
}
