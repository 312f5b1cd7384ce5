import { formatPath, type ConfigNode, type ConfigPath, type Position } from './config-node.ts';

export type ConfigErrorCode =
  /** The file, or a file it names, cannot be read. */
  | 'CONFIG_UNREADABLE'
  /** Not YAML or JSON, or a part of YAML that is refused. */
  | 'CONFIG_SYNTAX'
  /** Well-formed, but says something wrong. */
  | 'CONFIG_INVALID'
  /** Nothing is wrong but references `${…}` that lead to nothing. */
  | 'CONFIG_VARIABLE_MISSING'
  /** A good file that could not be put in force while the gateway runs; `cause` has the reason. */
  | 'CONFIG_NOT_APPLIED';

/** Kind of a problem, for programs; people read `message`. */
export type ConfigProblemCode =
  | 'unreadable'
  | 'syntax'
  | 'duplicate-key'
  | 'unknown-key'
  | 'missing-key'
  | 'wrong-type'
  | 'wrong-value'
  | 'conflict'
  | 'duplicate'
  | 'forbidden'
  | 'role-unknown'
  | 'server-unknown'
  | 'principal-unknown'
  | 'variable-missing'
  | 'reference-malformed'
  | 'secret-exposed'
  | 'weak-credential'
  | 'expired'
  | 'no-effect';

/** One thing that is wrong or doubtful. Neither `message` nor `hint` ever holds the value of a credential or of a `${…}`. */
export interface ConfigProblem {
  readonly code: ConfigProblemCode;
  /** Such as `servers.slack.url`; empty for the file as a whole. */
  readonly path: string;
  /** The file as its name was given. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}

/** `smcp.yaml:12:5 servers.slack.urll: Unknown key; did you mean "url"?` */
export function formatProblem(problem: ConfigProblem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const path = problem.path === '' ? '' : ` ${problem.path}:`;
  const hint = problem.hint === undefined ? '' : `; ${problem.hint}`;
  return `${place}${path} ${problem.message}${hint}`;
}

const MAX_LISTED_PROBLEMS = 100;

/** A configuration that cannot be used. `problems` has every error that was found, in the order of the file. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: ConfigErrorCode;
  readonly problems: readonly ConfigProblem[];
  /** Absolute paths of the files that were asked for; a change of one may mend the problem. */
  readonly files: readonly string[];

  constructor(
    code: ConfigErrorCode,
    problems: readonly ConfigProblem[],
    options?: ErrorOptions & { readonly files?: readonly string[] },
  ) {
    const lines = problems.slice(0, MAX_LISTED_PROBLEMS).map(formatProblem);
    if (problems.length > lines.length) lines.push(`and ${problems.length - lines.length} more`);
    super(lines.join('\n'), options);
    this.code = code;
    this.problems = Object.freeze([...problems]);
    this.files = Object.freeze([...(options?.files ?? [])]);
  }
}

/** Collects what is found while a file is checked. */
export class ProblemList {
  readonly #file: string;
  readonly #errors: ConfigProblem[] = [];
  readonly #warnings: ConfigProblem[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  get errors(): readonly ConfigProblem[] {
    return this.#errors.toSorted(byPosition);
  }

  get warnings(): readonly ConfigProblem[] {
    return this.#warnings.toSorted(byPosition);
  }

  /** An error at a place that has no node of its own. */
  errorAt(at: Position, path: ConfigPath, code: ConfigProblemCode, message: string, hint?: string): void {
    this.#errors.push(this.#problem(at, path, code, message, hint));
  }

  /** An error at a value. */
  error(node: ConfigNode, code: ConfigProblemCode, message: string, hint?: string): void {
    this.errorAt(node.at, node.path, code, message, hint);
  }

  /** An error at the key of a value. */
  keyError(node: ConfigNode, code: ConfigProblemCode, message: string, hint?: string): void {
    this.errorAt(node.keyAt ?? node.at, node.path, code, message, hint);
  }

  warn(node: ConfigNode, code: ConfigProblemCode, message: string, hint?: string): void {
    this.#warnings.push(this.#problem(node.at, node.path, code, message, hint));
  }

  #problem(
    at: Position,
    path: ConfigPath,
    code: ConfigProblemCode,
    message: string,
    hint: string | undefined,
  ): ConfigProblem {
    const problem = { code, path: formatPath(path), file: this.#file, ...at, message };
    return Object.freeze(hint === undefined ? problem : { ...problem, hint });
  }
}

function byPosition(left: ConfigProblem, right: ConfigProblem): number {
  return left.line - right.line || left.column - right.column;
}
