import type { LimitName } from './limits.ts';

export type OutputStream = 'stdout' | 'stderr';

/**
 * How a run ended.
 *
 * - `ok` it returned
 * - `error` it threw, or could not be parsed
 * - `timeout` wall or processor time
 * - `memory` heap, or the memory of its process
 * - `limit` another limit, named in `limit`
 * - `killed` by the signal, or because its process ended for a reason of its own
 */
export type OutcomeStatus = 'ok' | 'error' | 'timeout' | 'memory' | 'limit' | 'killed';

export interface Outcome {
  readonly status: OutcomeStatus;
  /** JSON text of what the script returned; undefined when it returned nothing, or nothing that JSON can hold. */
  readonly value?: string | undefined;
  /** Undefined with `ok`. */
  readonly error?: ScriptFailure | undefined;
  /** The limit that ended it. */
  readonly limit?: LimitName | undefined;
  /** What was printed, in order; pieces are lines or parts of them, as printed. */
  readonly output: readonly OutputPiece[];
  /** Bytes of output that were dropped for being over the limit. */
  readonly droppedOutputBytes: number;
  readonly calls: readonly CallMade[];
  readonly usage: Usage;
}

export interface OutputPiece {
  readonly stream: OutputStream;
  readonly text: string;
}

/** An error as the author of the script may see it: places in the script only, nothing of what runs it. */
export interface ScriptFailure {
  readonly name: string;
  readonly message: string;
  /** Place in the source as it was given, both from 1. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Frames of the script, such as `at total (script.ts:12:7)`, one per line. */
  readonly stack?: string | undefined;
  /** `details` of a `HostCallError` that was not caught. */
  readonly details?: unknown;
}

export interface CallMade {
  readonly name: string;
  /** Milliseconds after the start of the run. */
  readonly startedMs: number;
  /** Undefined when it had not ended when the run did. */
  readonly tookMs?: number | undefined;
  readonly ok?: boolean | undefined;
  readonly inputBytes: number;
  readonly outputBytes?: number | undefined;
}

export interface Usage {
  readonly wallMs: number;
  /** Processor time of the script, as far as known. */
  readonly cpuMs?: number | undefined;
  readonly heapBytes?: number | undefined;
}
