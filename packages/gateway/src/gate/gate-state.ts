import type { PolicySet } from '@smcp/policy';
import type { ApprovalDesk } from '../approval/index.ts';
import type { AuditLog, Redactor } from '../audit/index.ts';
import type { CallLimiter } from '../limit/index.ts';
import type { Sealer } from '../seal/index.ts';
import type { Logger, Telemetry } from '../telemetry/telemetry.ts';
import type { RefusalBudget } from './refusal-budget.ts';
import type { ServerEntry } from './server-entry.ts';

/** Everything a decision depends on, replaced as a whole by a reload. A call keeps the state with which it began. */
export interface GateState {
  readonly policy: PolicySet;
  /** Identity of the policy for approvals, from `digestOfPolicy`: an approval under another one does not count. */
  readonly policyId: string;
  /** Where calls wait for a person. Absent: what needs approval is refused. */
  readonly approvals?: ApprovalDesk | undefined;
  readonly servers: ReadonlyMap<string, ServerEntry>;
  readonly limiter: CallLimiter;
  readonly refusals: Pick<RefusalBudget, 'take'>;
  readonly redactor: Redactor;
  readonly keepArguments: boolean;
}

export interface GateDeps {
  readonly audit: AuditLog;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly now: () => Date;
  /** Microseconds of a monotonic clock. */
  readonly micros: () => number;
  readonly newCallId: () => string;
  /** Seals what clients bring back. Default: one of its own, whose texts no other gateway opens, nor this one after a restart. */
  readonly sealer?: Sealer;
  readonly conversation?: Partial<ConversationSettings>;
}

/** How long a call that asks something is kept open. */
export interface ConversationSettings {
  /** How long a client may take to answer, in milliseconds. Default ten minutes. */
  readonly askTimeoutMs: number;
  /** How long a first question waits for others that can be put together with it, in milliseconds. Default 10. */
  readonly gatherMs: number;
  /** Calls that wait for answers at the same time, all together. Default 1000. */
  readonly maxParked: number;
  /** Those of one principal. Default 32. */
  readonly maxParkedPerPrincipal: number;
}

export const CONVERSATION: ConversationSettings = Object.freeze({
  askTimeoutMs: 10 * 60_000,
  gatherMs: 10,
  maxParked: 1000,
  maxParkedPerPrincipal: 32,
});
