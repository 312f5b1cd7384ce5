/** What a script would do: the calls that a preview recorded and did not make, in order. */
export interface Plan {
  /** `sha256:` and hexadecimal digits over script, language and calls; what a person approves. */
  readonly digest: string;
  readonly calls: readonly PlannedCall[];
  /** Calls that were made, being annotated read-only. */
  readonly made: number;
}

export interface PlannedCall {
  readonly server: string;
  readonly tool: string;
  /**
   * The arguments. A value that depends on the result of a planned call stands as `{"$result": n, "path": [...]}`, n counting from 1; when the plan is applied, it
   * must equal the value found there. Inside of texts such a value stands as `<result n.path>`.
   */
  readonly args: unknown;
}
