import type { Action } from '@smcp/policy';
import type { AnswererKind, StoredApproval } from '../store/index.ts';

/** A question about one call, and what became of it. */
export type Approval = StoredApproval;

/**
 * The call that somebody is asked about, and everything that must be equal for an approval to count for it. What is absent must be absent again.
 */
export interface ApprovalSubject extends Action {
  readonly principal: string;
  readonly tenant: string;
  /** Delegators of the principal, root first. */
  readonly delegation?: readonly string[] | undefined;
  /** Session of the client, where approvals are to be of one session only. */
  readonly session?: string | undefined;
  readonly method: string;
  /** From `digestOfCall`. */
  readonly digest: string;
  /** The rule that asks. */
  readonly rule: string;
  /** Identity of the policy that asks, such as `digestOfPolicy` gives; under another policy an approval does not count. */
  readonly policy: string;
}

/** A subject and how people see its arguments, from `renderShown`. */
export interface ApprovalQuestion extends ApprovalSubject {
  readonly shown: string;
  /** False when `shown` leaves something out. */
  readonly whole: boolean;
}

export type Verdict = 'approve' | 'deny';

/** Who answers. The caller answers for its own call only, so it comes with the call. */
export type Answerer =
  | { readonly by: 'caller'; readonly subject: ApprovalSubject }
  | { readonly by: 'operator'; readonly user: string };

/** `answered`: somebody was faster. `forbidden`: this kind of answerer is not asked. */
export type AnswerOutcome = 'ok' | 'unknown' | 'expired' | 'answered' | 'forbidden';

/**
 * What an approval is worth for a call. Only `approved` lets it through. `mismatch`: it is about something else. `expired`: nobody answered in time, or the
 * approval has lapsed.
 */
export type UseOutcome = 'approved' | 'pending' | 'denied' | 'expired' | 'unknown' | 'mismatch' | 'used';

export interface ApprovalSettings {
  readonly expireSeconds: number;
  readonly validSeconds: number;
  readonly maxPending: number;
  readonly maxPendingPerPrincipal: number;
  /** Who may answer; an approval by anybody else does not count. */
  readonly answeredBy: readonly AnswererKind[];
}
