import { EXIT, type ExitCode } from '../output/exit-codes.ts';

export type CliErrorCode =
  /** The command line does not say what is needed, or says it in a wrong form. */
  | 'USAGE'
  /** No configuration file was named and there is none in the usual places. */
  | 'CONFIG_NOT_FOUND'
  /** JSON, a key file or another input cannot be used. */
  | 'INPUT_INVALID'
  | 'FILE_UNREADABLE'
  | 'FILE_UNWRITABLE'
  | 'FILE_EXISTS'
  | 'FILE_INSECURE'
  | 'NOT_FOUND'
  /** The question was answered before, or nobody answered it in time. */
  | 'APPROVAL_CLOSED'
  /** Operators may not answer it. */
  | 'APPROVAL_FORBIDDEN'
  | 'PRINCIPAL_UNKNOWN'
  | 'PRINCIPAL_EXPIRED'
  | 'ROLE_UNKNOWN'
  | 'SERVER_UNKNOWN'
  | 'SERVER_UNREACHABLE'
  /** A script would do something else than what was looked at. */
  | 'PLAN_DIFFERS'
  | 'INTERRUPTED';

const EXIT_CODES: Readonly<Record<CliErrorCode, ExitCode>> = {
  USAGE: EXIT.usage,
  CONFIG_NOT_FOUND: EXIT.usage,
  INPUT_INVALID: EXIT.usage,
  FILE_UNREADABLE: EXIT.failure,
  FILE_UNWRITABLE: EXIT.failure,
  FILE_EXISTS: EXIT.failure,
  FILE_INSECURE: EXIT.failure,
  NOT_FOUND: EXIT.failure,
  APPROVAL_CLOSED: EXIT.failure,
  APPROVAL_FORBIDDEN: EXIT.denied,
  PRINCIPAL_UNKNOWN: EXIT.usage,
  PRINCIPAL_EXPIRED: EXIT.denied,
  ROLE_UNKNOWN: EXIT.usage,
  SERVER_UNKNOWN: EXIT.usage,
  SERVER_UNREACHABLE: EXIT.failure,
  PLAN_DIFFERS: EXIT.failure,
  INTERRUPTED: EXIT.failure,
};

/** What a command itself refuses. The message never holds a secret: it is printed. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  readonly exit: ExitCode;
  /** What the reader can do about it. */
  readonly remedy: string | undefined;

  constructor(
    code: CliErrorCode,
    message: string,
    options?: ErrorOptions & { readonly remedy?: string | undefined },
  ) {
    super(message, options);
    this.code = code;
    this.exit = EXIT_CODES[code];
    this.remedy = options?.remedy;
  }
}
