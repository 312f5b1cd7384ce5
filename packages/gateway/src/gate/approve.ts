import type { JsonObject } from '@smcp/protocol';
import {
  approvalElicitation,
  approvalRefusalMessage,
  readApprovalAnswer,
  renderShown,
  type Approval,
  type ApprovalDesk,
  type ApprovalSubject,
} from '../approval/index.ts';
import type { Sealer } from '../seal/index.ts';
import type { UpstreamReply } from '../upstream/index.ts';
import { sealState, type CallState } from './conversation/call-state.ts';
import { inputRequired } from './conversation/reply.ts';
import { responsesOf, type GateCall, type UsedApproval } from './gate-call.ts';
import type { GateRefusalCode } from './gate-request.ts';
import { elicitsForms } from './questions/capabilities.ts';
import { APPROVAL_KEY } from './questions/check-question.ts';
import type { ServerEntry } from './server-entry.ts';

/**
 * - `go` the call may be made now; its approval is used up
 * - `ask` the client is answered with the question and comes back
 * - `refuse` it may not be made
 */
export type ApprovalStep =
  | { readonly step: 'go' }
  | { readonly step: 'ask'; readonly reply: UpstreamReply }
  | { readonly step: 'refuse'; readonly code: GateRefusalCode; readonly message: string };

export interface Approving {
  readonly sealer: Sealer;
  readonly askTimeoutMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Id of this very gate; a round of an approved call is made where the one before was, or not at all. */
  readonly gate: string;
  /** True once for each call whose approval is carried on to its next round; false for a state that is used again. */
  readonly isFirstUse: (call: string) => boolean;
}

/** Id of the question in `inputRequests`. */
const QUESTION = 'approval';

/**
 * Sees to it that a call which needs approval has one: by asking its user where the client can be asked, or from the desk.
 *
 * @param came The state with which the client came back, if it did; it is of this very call.
 * @throws {StoreError} When the desk cannot be reached; then the call must not be made.
 */
export async function approve(
  call: GateCall,
  server: ServerEntry,
  came: { readonly call: string; readonly state: CallState } | undefined,
  approving: Approving,
): Promise<ApprovalStep> {
  const desk = call.state.approvals;
  if (desk === undefined) {
    return refuse(
      'APPROVAL_REQUIRED',
      'The call needs approval, which cannot be asked for here; it was not made',
    );
  }
  if (came?.state.kind === 'upstream') {
    return carryOn(call, came.call, came.state.approval, approving);
  }
  const subject = subjectOf(call);
  if (came?.state.kind === 'approval') {
    const { approval: id } = came.state;
    call.approval = id;
    const response = responsesOf(call)[QUESTION];
    // It came back without an answer: it is asked again, unless somebody has answered meanwhile.
    return response === undefined
      ? await askAnew(call, server, desk, subject, approving)
      : await takeAnswer(call, desk, subject, { id, gate: approving.gate }, response);
  }
  return await askAnew(call, server, desk, subject, approving);
}

/** An approval counts for all rounds of the one call that it was given for, as long as the same rule asks. */
function carryOn(
  call: GateCall,
  before: string,
  used: UsedApproval | undefined,
  { isFirstUse, gate }: Approving,
): ApprovalStep {
  const { rule, policy } = subjectOf(call);
  const isSame = used?.rule === rule && used.policy === policy && used.gate === gate;
  if (!isSame || !isFirstUse(before)) {
    return refuse('STATE_INVALID', 'The approval of the call does not count any more; make the call anew');
  }
  call.approval = used.id;
  call.usedApproval = used;
  return { step: 'go' };
}

async function askAnew(
  call: GateCall,
  server: ServerEntry,
  desk: ApprovalDesk,
  subject: ApprovalSubject,
  approving: Approving,
): Promise<ApprovalStep> {
  const { request, state } = call;
  const { method, document, action, client } = request;
  const { text, whole } = renderShown(call.params, {
    method,
    document,
    redactor: state.redactor,
    paths: server.toolSettings(action.name).redact,
  });
  const approval = await desk.ask({ ...subject, shown: text, whole });
  if (approval === 'TOO_MANY') {
    return refuse(
      'APPROVAL_REQUIRED',
      'The call needs approval, and too many calls wait for theirs; try again later',
    );
  }
  call.approval = approval.id;
  if (approval.status === 'approved') {
    return await use(call, desk, subject, { id: approval.id, gate: approving.gate });
  }
  if (approval.status === 'denied') {
    return refuse('NOT_APPROVED', approvalRefusalMessage(approval));
  }
  if (!desk.asksCaller || client === undefined || !elicitsForms(client.capabilities)) {
    return refuse('APPROVAL_REQUIRED', approvalRefusalMessage(approval));
  }
  const params = questionOf(approval);
  if (client.style === 'ask') {
    const answer = await ifAnswered(call, client, params, approving.askTimeoutMs);
    return await takeAnswer(call, desk, subject, { id: approval.id, gate: approving.gate }, answer);
  }
  const ttlMs = Math.max(1, Date.parse(approval.expiresAt) - approving.now());
  const sealed = sealState(approving.sealer, call, { kind: 'approval', approval: approval.id }, ttlMs);
  return {
    step: 'ask',
    reply: inputRequired({ [QUESTION]: { method: 'elicitation/create', params } }, sealed),
  };
}

async function ifAnswered(
  call: GateCall,
  client: Extract<GateCall['request']['client'], { readonly style: 'ask' }>,
  params: JsonObject,
  timeoutMs: number,
): Promise<JsonObject | undefined> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const { signal } = call.request;
  try {
    return await client.ask(
      { method: 'elicitation/create', params },
      signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    );
  } catch {
    // A client that fails or is gone has approved nothing; the question stays open for others.
    return undefined;
  }
}

async function takeAnswer(
  call: GateCall,
  desk: ApprovalDesk,
  subject: ApprovalSubject,
  asked: Pick<UsedApproval, 'id' | 'gate'>,
  answer: unknown,
): Promise<ApprovalStep> {
  const verdict = readApprovalAnswer(answer);
  if (verdict !== 'cancel') {
    await desk.answer(asked.id, verdict, { by: 'caller', subject });
  }
  return await use(call, desk, subject, asked);
}

/** Whatever was answered, by whom and when: only what the desk then says lets the call through. */
async function use(
  call: GateCall,
  desk: ApprovalDesk,
  subject: ApprovalSubject,
  asked: Pick<UsedApproval, 'id' | 'gate'>,
): Promise<ApprovalStep> {
  const outcome = await desk.use(subject, asked.id);
  if (outcome === 'approved') {
    call.usedApproval = { ...asked, rule: subject.rule, policy: subject.policy };
    return { step: 'go' };
  }
  return REFUSALS[outcome];
}

const REFUSALS: Readonly<
  Record<Exclude<Awaited<ReturnType<ApprovalDesk['use']>>, 'approved'>, ApprovalStep>
> = {
  pending: refuse('NOT_APPROVED', 'The call was not approved, and was not made'),
  denied: refuse('NOT_APPROVED', 'The call was denied, and was not made; do not repeat it'),
  expired: refuse('NOT_APPROVED', 'The call was not approved in time, and was not made'),
  unknown: refuse('STATE_INVALID', 'There is no such approval; make the call anew'),
  mismatch: refuse('STATE_INVALID', 'The approval is of another call; make the call anew'),
  used: refuse('STATE_INVALID', 'The approval has been used; make the call anew'),
};

function questionOf(approval: Approval): JsonObject {
  return { ...approvalElicitation(approval), _meta: { [APPROVAL_KEY]: approval.id } };
}

function subjectOf(call: GateCall): ApprovalSubject {
  const { action, caller, method } = call.request;
  const { id, tenant, delegation } = caller.principal;
  return {
    ...action,
    principal: id,
    tenant,
    delegation: delegation?.grants.map(({ delegator }) => delegator),
    session: caller.session,
    method,
    digest: call.digest,
    rule: call.decision.rule ?? '',
    policy: call.state.policyId,
  };
}

function refuse(code: GateRefusalCode, message: string): Extract<ApprovalStep, { readonly step: 'refuse' }> {
  return { step: 'refuse', code, message };
}
