/** One call of a tool of the accounting server. */
export interface PlainCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Makes the calls that a model would put into one turn and gives their results, in the same order. */
// oxlint-disable-next-line typescript/no-explicit-any -- what a model reads has no types
export type Turn = (...calls: readonly PlainCall[]) => Promise<readonly any[]>;

/** A piece of work as it is asked for, and done in two ways that must change the same and find the same answer. */
export interface Workflow {
  readonly name: string;
  /** What the user says. */
  readonly task: string;
  /** Does it as a model with plain tools does: calls, one look at the results, more calls. Gives the answer. */
  readonly plain: (turn: Turn) => Promise<unknown>;
  /** The script that a model writes for it. Its value is the answer. */
  readonly script: string;
}
