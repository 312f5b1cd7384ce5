/** What a caller wants to do. `name` is a tool name, a prompt name or a resource URI, exactly as the upstream knows it. */
export interface Action {
  readonly kind: 'tool' | 'prompt' | 'resource';
  readonly server: string;
  readonly name: string;
}

/** What is known about the call besides who and what. */
export interface Facts {
  /**
   * Arguments of the call. Absent only when visibility is asked (listing), and rules with constraints are then taken at their most generous; a call
   * that carries no arguments has `{}`.
   */
  readonly arguments?: unknown;
  /** False when the arguments hold a number that JavaScript cannot represent exactly. Default true. */
  readonly exactNumbers?: boolean;
}

export type Effect = 'allow' | 'deny' | 'ask';

/** Where a rule was written. `commit` is the git commit of the policy file, `dirty` whether the file differs from it. */
export interface RuleSource {
  readonly file: string;
  readonly line: number;
  readonly commit?: string;
  readonly dirty?: boolean;
}

/**
 * The outcome of `decide`, frozen. `rule` names the deciding rule, such as `roles.intern.deny[0]`; null when no rule matched (default deny). `reasons`
 * has at least one line, fit for a log and for people; names in it are cut and escaped.
 */
export interface Decision {
  readonly effect: Effect;
  readonly rule: string | null;
  readonly source: RuleSource | null;
  readonly reasons: readonly string[];
}
