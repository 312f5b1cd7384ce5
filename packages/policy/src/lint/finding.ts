import type { PolicyRole, PolicyRule, PolicySet } from '../policy-set.ts';

export type LintCode =
  | 'rule-never-matches'
  | 'rule-shadowed'
  | 'role-unused'
  | 'role-unknown'
  | 'role-grants-nothing'
  | 'server-unknown';

/** A place in a policy that does not do what its author probably meant. An error is surely a mistake, a warning only looks like one. */
export interface LintFinding {
  readonly code: LintCode;
  readonly severity: 'error' | 'warning';
  readonly role: string;
  /** Null when the finding is about the role as a whole. */
  readonly rule: string | null;
  readonly file: string;
  /** Null when there is no place in the file: the role is not defined. */
  readonly line: number | null;
  readonly message: string;
  /** The pattern in question, for a finding about one. */
  readonly pattern?: string;
  /** The server part of that pattern, for `server-unknown`: the caller may suggest the nearest known name. */
  readonly server?: string;
}

/** What a policy is looked at against. */
export interface LintContext {
  /** Every configured server. */
  readonly servers: readonly string[];
  /** Tool names by server, for the servers whose catalogue is known. */
  readonly tools?: ReadonlyMap<string, readonly string[]>;
  /** Roles of every principal there is; repetitions do not matter. */
  readonly rolesInUse: readonly string[];
}

type Verdict = Pick<LintFinding, 'code' | 'severity' | 'message' | 'pattern' | 'server'>;

export function onRule({ role, id, source }: PolicyRule, verdict: Verdict): LintFinding {
  return { ...verdict, role, rule: id, file: source.file, line: source.line };
}

export function onRole({ name, source }: PolicyRole, verdict: Verdict): LintFinding {
  return { ...verdict, role: name, rule: null, file: source.file, line: source.line };
}

export function onUnknownRole({ source }: PolicySet, role: string, verdict: Verdict): LintFinding {
  return { ...verdict, role, rule: null, file: source.file, line: null };
}
