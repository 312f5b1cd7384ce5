import type { JsonValue } from '@smcp/protocol';
import type { Diagnostic } from '../check/check.ts';
import type { Plan } from '../preview/plan.ts';

/**
 * - `validation_error` an argument was wrong; nothing was run
 * - `check_failed` the script does not fit the declarations; nothing was run
 * - `error` it threw
 * - `timeout`, `memory`, `limit`, `killed` it was stopped
 * - `unavailable` it could not be run at all
 */
export type PayloadStatus =
  | 'success'
  | 'validation_error'
  | 'check_failed'
  | 'error'
  | 'timeout'
  | 'memory'
  | 'limit'
  | 'killed'
  | 'unavailable';

/** What a reply says, before it is put in a form. Empty parts are absent. */
export interface Payload {
  readonly status: PayloadStatus;
  /** One line; with the remedy when there is one. */
  readonly summary: string;
  readonly servers?: readonly string[] | undefined;
  readonly stdout?: readonly string[] | undefined;
  readonly stderr?: readonly string[] | undefined;
  /** What the script returned. */
  readonly result?: JsonValue | undefined;
  readonly error?: PayloadError | undefined;
  readonly diagnostics?: readonly Diagnostic[] | undefined;
  /** How many more there are. */
  readonly moreDiagnostics?: number | undefined;
  readonly declarations?: readonly string[] | undefined;
  readonly plan?: Plan | undefined;
  readonly notes?: readonly string[] | undefined;
  readonly timeoutSeconds?: number | undefined;
}

export interface PayloadError {
  readonly name: string;
  readonly message: string;
  /** Code of a refusal. */
  readonly code?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Frames of the script, one per line. */
  readonly stack?: string | undefined;
}

/** The script that a payload is about, to show lines of it. */
export interface ShownScript {
  readonly name: string;
  readonly code: string;
}
