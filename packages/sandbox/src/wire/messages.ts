import type { ScriptLimits } from '../limits.ts';
import type { OutputStream, ScriptFailure } from '../outcome.ts';

/**
 * What host and runner say to each other, one JSON object per frame (4-byte little-endian length, then UTF-8), over a descriptor of their own (3), never over
 * stdin or stdout. The host trusts nothing that comes from a runner: not a length, not a run number, not a member. All authority hangs on the run number.
 */
export type ToRunner = RunMessage | SettleMessage | StopMessage;
export type FromRunner = ReadyMessage | CallMessage | OutputMessage | DoneMessage;

/** Runs one script. A runner runs one at a time. */
export interface RunMessage {
  readonly type: 'run';
  /** Counts from 1 within one runner. */
  readonly run: number;
  readonly language: 'typescript' | 'javascript';
  readonly name: string;
  readonly code: string;
  readonly prelude: string;
  readonly data: string;
  /** Keep the isolate with its globals for the next run; otherwise it is disposed of. */
  readonly keep: boolean;
  readonly limits: ScriptLimits;
}

/** Answers a call. `value` is JSON text. */
export interface SettleMessage {
  readonly type: 'settle';
  readonly run: number;
  readonly call: number;
  readonly value?: string | undefined;
  readonly error?:
    | { readonly name: string; readonly message: string; readonly details?: unknown }
    | undefined;
}

/** Ends a run as well as the runner can; the host kills the runner if it does not follow soon. */
export interface StopMessage {
  readonly type: 'stop';
  readonly run: number;
}

export interface ReadyMessage {
  readonly type: 'ready';
  readonly pid: number;
  /** Whether V8 runs without compiling machine code. */
  readonly jitless: boolean;
}

export interface CallMessage {
  readonly type: 'call';
  readonly run: number;
  /** Counts from 1 within one run. */
  readonly call: number;
  readonly name: string;
  /** JSON text. */
  readonly input: string;
}

export interface OutputMessage {
  readonly type: 'output';
  readonly run: number;
  readonly stream: OutputStream;
  readonly text: string;
}

export interface DoneMessage {
  readonly type: 'done';
  readonly run: number;
  readonly status: 'ok' | 'error' | 'timeout' | 'memory' | 'limit';
  readonly limit?: keyof ScriptLimits | undefined;
  readonly value?: string | undefined;
  readonly error?: ScriptFailure | undefined;
  readonly cpuMs: number;
  readonly heapBytes: number;
  /** Whether the isolate of a run with `keep` is still good for another. */
  readonly kept: boolean;
}
