import type { Effect, RuleSource } from '@smcp/policy';

/**
 * An append-only record of what the gate decided and what came of it.
 *
 * Promises: records of one writer form a hash chain in the order of `append` calls; an entry is redacted before it is hashed and is never
 * changed afterwards; `append` resolves when the record is written as durably as configured and rejects when it is not (callers then refuse the
 * call); appends made in the same turn of the event loop share one write.
 */
export interface AuditLog extends AsyncDisposable {
  /**
   * The entry is read before this returns, so the caller may reuse it afterwards.
   *
   * @throws {AuditError} `AUDIT_UNWRITABLE`, `AUDIT_CLOSED`, `AUDIT_TOO_LARGE`, `AUDIT_INVALID`, all by rejection. A later append works again once the
   *   cause is gone; what was rejected is not in the log.
   */
  append(entry: AuditEntry): Promise<void>;
}

/** A log that also takes entries which another process has written down, as `serializeEntry` does. */
export interface SerializedAuditLog extends AuditLog {
  /**
   * @param json One entry in JSON on one line.
   * @throws {AuditError} As `append`, by rejection.
   */
  appendSerialized(json: string): Promise<void>;
}

interface EntryBase {
  /** Moment of the event, ISO 8601 with milliseconds. */
  readonly time: string;
}

/** Who called what through which door; shared by calls and refusals. */
export interface CallFacts {
  /** Id of the call, `call-…`; the same in the intent and its outcome. */
  readonly call: string;
  readonly principal: string;
  readonly tenant: string;
  /** Delegators, root first; absent without delegation. */
  readonly delegation?: readonly string[];
  /** `mcp`, `cli`, later `code`, `envelope`. */
  readonly door: string;
  readonly session?: string;
  readonly server: string;
  readonly kind: 'tool' | 'prompt' | 'resource';
  /** Name of the tool or prompt, or URI of the resource, as the upstream knows it. */
  readonly name: string;
  readonly method: string;
  readonly decision: {
    readonly effect: Effect;
    readonly rule: string | null;
    readonly source: RuleSource | null;
    readonly reasons: readonly string[];
  };
  /** `sha256:` over the arguments as they were sent upstream. */
  readonly argumentsDigest?: string;
  /** Redacted arguments, when configured to be kept. */
  readonly arguments?: unknown;
  /** Time from arrival to decision, microseconds. */
  readonly policyMicros: number;
  readonly traceId?: string;
  /** The call that this one goes on with, after a question was answered. */
  readonly continues?: string;
  /** The call in whose course this one was made: that of the script. */
  readonly parent?: string;
  /** The question to a person on whose answer the call waits or runs, `apr-…`. */
  readonly approval?: string;
}

/** Written before an allowed call leaves. */
export interface CallEntry extends EntryBase, CallFacts {
  readonly type: 'call';
}

/** Written when the gate itself refuses: by policy, limits, or because something needed is missing. */
export interface RefusalEntry extends EntryBase, CallFacts {
  readonly type: 'refusal';
  readonly code: string;
  /** Refusals of the same caller since its last record that were only counted, because they came too fast. */
  readonly unrecordedBefore?: number;
}

/** Written when a call that left has ended, however it ended. */
export interface OutcomeEntry extends EntryBase {
  readonly type: 'outcome';
  readonly call: string;
  /**
   * `ok`; `tool_error`: the tool says so; `rpc_error`: the upstream refused; `input_required`: the server asks something first, and a call that `continues`
   * this one may follow; `unknown`: it may have run; the others did not get an answer in time.
   */
  readonly outcome:
    | 'ok'
    | 'tool_error'
    | 'rpc_error'
    | 'input_required'
    | 'timeout'
    | 'cancelled'
    | 'unknown'
    | 'not_sent';
  readonly upstreamMicros: number;
  readonly resultBytes?: number;
  readonly error?: string;
  /** How often the call was sent, when more than once. */
  readonly rounds?: number;
  /** What the server asked the client for, by method, and what came of it with how often, such as `{ "elicitation/create": { "accept": 1 } }`. */
  readonly questions?: QuestionCounts;
}

/** Counts by method and then by `asked`, `accept`, `decline`, `cancel`, `answered`, `refused` (by the gate) or `failed`. */
export type QuestionCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A refused login. The token itself never appears; `hint` is its public prefix. */
export interface AuthEntry extends EntryBase {
  readonly type: 'auth';
  readonly source: string;
  readonly code: string;
  readonly hint?: string;
}

/** Start, stop, reload and changes by an operator. */
export interface SystemEntry extends EntryBase {
  readonly type: 'system';
  readonly event: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export type AuditEntry = CallEntry | RefusalEntry | OutcomeEntry | AuthEntry | SystemEntry;

/**
 * Written by the log itself: signs everything up to the record before it, and with it the whole chain. `signature` is Ed25519 in base64url, `key` names
 * the public key that checks it.
 */
export interface CheckpointEntry extends EntryBase {
  readonly type: 'checkpoint';
  readonly writer: string;
  readonly sequence: number;
  readonly hash: string;
  readonly key: string;
  readonly signature: string;
}

export type RecordedEntry = AuditEntry | CheckpointEntry;

/** One line of the log as it is read back. `hash` and `prev` are SHA-256 in hexadecimal; numbers count from 1 within a writer. */
export interface AuditRecord {
  readonly writer: string;
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
  readonly entry: RecordedEntry;
}

/**
 * `AUDIT_UNWRITABLE`: the record is not in the log; `AUDIT_CLOSED`: the log was closed; `AUDIT_TOO_LARGE`, `AUDIT_INVALID`: the entry cannot become a record;
 * `AUDIT_LOCKED`: another process writes here; `AUDIT_UPKEEP`: records are written, but an anchor, a new file or the removal of old ones failed.
 */
export type AuditErrorCode =
  | 'AUDIT_UNWRITABLE'
  | 'AUDIT_CLOSED'
  | 'AUDIT_TOO_LARGE'
  | 'AUDIT_INVALID'
  | 'AUDIT_LOCKED'
  | 'AUDIT_UPKEEP';

export class AuditError extends Error {
  override readonly name = 'AuditError';
  readonly code: AuditErrorCode;

  constructor(code: AuditErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
