/** Who may answer a question: the user of the client that made the call, or whoever operates the gateway. */
export type AnswererKind = 'caller' | 'operator';

/** `used`: the call that was approved has been let through, once. */
export type ApprovalStatus = 'pending' | 'approved' | 'denied' | 'used';

/** A question about one call, and what became of it. Times are ISO 8601 in UTC with milliseconds. */
export interface StoredApproval {
  /** `apr-…` */
  readonly id: string;
  /** Digest over everything that must be equal for the approval to count. */
  readonly subject: string;
  readonly tenant: string;
  readonly principal: string;
  /** Delegators of the principal, root first; empty without delegation. */
  readonly delegation: readonly string[];
  readonly server: string;
  readonly kind: 'tool' | 'prompt' | 'resource';
  readonly name: string;
  readonly method: string;
  /** Digest of the call, `sha256:…`. */
  readonly digest: string;
  /** Identity of the policy that asked. */
  readonly policy: string;
  /** The rule that asked, such as `roles.eng.ask[0]`. */
  readonly rule: string;
  /** The arguments as people see them, redacted. */
  readonly shown: string;
  /** False when something of the call is hidden or left out in `shown`. */
  readonly whole: boolean;
  readonly createdAt: string;
  /** From then on nobody can answer. */
  readonly expiresAt: string;
  /** How long an approval may be used, from the answer on. */
  readonly validSeconds: number;
  readonly answerers: readonly AnswererKind[];
  readonly status: ApprovalStatus;
  readonly answeredAt?: string;
  /** `caller`, or `operator:` and a name. */
  readonly answeredBy?: string;
  /** From then on an approval that was not used does not count any more. */
  readonly validUntil?: string;
  readonly usedAt?: string;
}

/** What makes a new question of a pending one: neither an answer nor a use. */
export type NewApproval = Omit<
  StoredApproval,
  'status' | 'answeredAt' | 'answeredBy' | 'validUntil' | 'usedAt'
>;

export interface ApprovalBounds {
  /** Open questions in all. */
  readonly maxPending: number;
  /** Open questions about calls of one principal. */
  readonly maxPendingPerPrincipal: number;
}

export type StoredAnswer =
  | {
      readonly status: 'approved';
      readonly atIso: string;
      readonly by: string;
      readonly validUntilIso: string;
    }
  | { readonly status: 'denied'; readonly atIso: string; readonly by: string };

/**
 * Questions and answers about calls. Every change is one step that succeeds for one user alone, whichever process it comes from. An entry is *current*
 * while it settles what becomes of its call: pending or denied until it expires, approved until it lapses.
 */
export interface ApprovalTable {
  /** Newest first. */
  list(limit: number): Promise<readonly StoredApproval[]>;
  /** Those that can be answered, newest first. */
  listPending(limit: number, atIso: string): Promise<readonly StoredApproval[]>;
  get(id: string): Promise<StoredApproval | undefined>;
  /** The entry of this subject that is current. */
  ifCurrent(subject: string, atIso: string): Promise<StoredApproval | undefined>;
  /**
   * Adds a pending entry, unless one of its subject is current at its `createdAt` or as many are pending as may be. Returns whether it was added.
   */
  add(entry: NewApproval, bounds: ApprovalBounds): Promise<boolean>;
  /** Answers a pending entry that has not expired. Returns whether there was one. */
  answer(id: string, answer: StoredAnswer): Promise<boolean>;
  /** Uses up an approved entry of this subject that has not lapsed. True once. */
  use(id: string, subject: string, atIso: string): Promise<boolean>;
  /** Forgets entries made before a moment, and of those that are no longer current all but the newest `keep`. */
  prune(beforeIso: string, keep: number, atIso: string): Promise<void>;
}
