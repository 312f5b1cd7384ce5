import type { ExitCode } from '../output/exit-codes.ts';

/** What is told of a failure, and how the process ends. */
export interface ErrorReport {
  readonly exit: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly remedy?: string | undefined;
  /** Further members for machines. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** Lines for people that say more than `message`, and take its place. */
  readonly lines?: readonly string[] | undefined;
}
