/** What became of one call, as its caller saw it. `vanished`: the caller went away before the answer and saw nothing. */
export type Outcome = 'open' | 'answered' | 'failed' | 'vanished';

export interface LedgerFigures {
  readonly made: number;
  readonly answered: number;
  readonly vanished: number;
  readonly failed: number;
  /** Failed calls by what they failed with. */
  readonly errors: Readonly<Record<string, number>>;
  /** Calls that neither got an answer nor an error: there must be none. */
  readonly lost: readonly string[];
  readonly executed: number;
  /** Calls that a server carried out more than once: there must be none. */
  readonly executedTwice: readonly string[];
  /** Calls with an answer that no server carried out: there must be none. */
  readonly answeredNotExecuted: readonly string[];
  /** Calls that a server carried out and nobody made: there must be none. */
  readonly executedNotMade: readonly string[];
  /** Failed calls that were carried out all the same: their callers know that they may have been. */
  readonly failedExecuted: number;
}

/** Every call of a run by its tag, to be compared in the end with what the servers carried out. */
export class Ledger {
  readonly #outcomes = new Map<string, Outcome>();
  readonly #errors = new Map<string, number>();

  get size(): number {
    return this.#outcomes.size;
  }

  /** @throws {Error} When the tag was used before. */
  open(tag: string): void {
    if (this.#outcomes.has(tag)) {
      throw new Error(`The tag ${tag} was used before`);
    }
    this.#outcomes.set(tag, 'open');
  }

  answered(tag: string): void {
    this.#close(tag, 'answered');
  }

  vanished(tag: string): void {
    this.#close(tag, 'vanished');
  }

  /** @param kind Few different texts, such as `-32603` or `HTTP 503`. */
  failed(tag: string, kind: string): void {
    if (this.#close(tag, 'failed')) {
      this.#errors.set(kind, (this.#errors.get(kind) ?? 0) + 1);
    }
  }

  /** @param executed Tags as the servers wrote them down, in any order. */
  compare(executed: readonly string[]): LedgerFigures {
    const times = new Map<string, number>();
    for (const tag of executed) {
      times.set(tag, (times.get(tag) ?? 0) + 1);
    }
    const those = (outcome: Outcome): readonly string[] =>
      [...this.#outcomes].flatMap(([tag, is]) => (is === outcome ? [tag] : []));
    const [answered, failed] = [those('answered'), those('failed')];
    return {
      made: this.#outcomes.size,
      answered: answered.length,
      vanished: those('vanished').length,
      failed: failed.length,
      errors: Object.fromEntries([...this.#errors].sort(([, a], [, b]) => b - a)),
      lost: those('open'),
      executed: executed.length,
      executedTwice: [...times].flatMap(([tag, count]) => (count > 1 ? [tag] : [])),
      answeredNotExecuted: answered.filter((tag) => !times.has(tag)),
      executedNotMade: [...times.keys()].filter((tag) => !this.#outcomes.has(tag)),
      failedExecuted: failed.filter((tag) => times.has(tag)).length,
    };
  }

  /** The first outcome counts: who vanished takes no answer any more. */
  #close(tag: string, outcome: Outcome): boolean {
    const isOpen = this.#outcomes.get(tag) === 'open';
    if (isOpen) {
      this.#outcomes.set(tag, outcome);
    }
    return isOpen;
  }
}
