import type { QuestionCounts } from '../../audit/index.ts';

/** Counts questions and what came of them, for the record of a call. Holds no contents. */
export class QuestionTally {
  readonly #counts = new Map<string, Map<string, number>>();

  count(method: string, what: string): void {
    const ofMethod = this.#counts.get(method) ?? new Map<string, number>();
    ofMethod.set(what, (ofMethod.get(what) ?? 0) + 1);
    this.#counts.set(method, ofMethod);
  }

  /** Undefined when nothing was asked. */
  get counts(): QuestionCounts | undefined {
    return this.#counts.size === 0
      ? undefined
      : Object.fromEntries([...this.#counts].map(([method, counts]) => [method, Object.fromEntries(counts)]));
  }
}
