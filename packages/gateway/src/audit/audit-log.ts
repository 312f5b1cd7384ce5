import type { Effect, RuleSource } from '@smcp/policy';

/**
 * An append-only record of what the gate decided and what came of it.
 *
 * Promises: records of one writer form a hash chain in the order of `append` calls; an entry is redacted before it is hashed and is never
 * changed afterwards; `append` resolves when the record is written as durably as configured and rejects when it is not (callers then refuse the
 * call); appends made in the same turn of the event loop share one write.
 */
export interface AuditLog extends AsyncDisposable {
  append(entry: AuditEntry): Promise<void>;
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
}

/** Written before an allowed call leaves. */
export interface CallEntry extends EntryBase, CallFacts {
  readonly type: 'call';
}

/** Written when the gate itself refuses: by policy, limits, or because something needed is missing. */
export interface RefusalEntry extends EntryBase, CallFacts {
  readonly type: 'refusal';
  readonly code: string;
}

/** Written when a call that left has ended, however it ended. */
export interface OutcomeEntry extends EntryBase {
  readonly type: 'outcome';
  readonly call: string;
  /** `ok`; `tool_error`: the tool says so; `rpc_error`: the upstream refused; `unknown`: it may have run; the others did not get an answer in time. */
  readonly outcome: 'ok' | 'tool_error' | 'rpc_error' | 'timeout' | 'cancelled' | 'unknown' | 'not_sent';
  readonly upstreamMicros: number;
  readonly resultBytes?: number;
  readonly error?: string;
}

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
