export type {
  Answerer,
  AnswerOutcome,
  Approval,
  ApprovalQuestion,
  ApprovalSettings,
  ApprovalSubject,
  UseOutcome,
  Verdict,
} from './approval.ts';
export { ApprovalDesk, type ApprovalDeskOptions } from './approval-desk.ts';
export { toApprovalSettings } from './approval-settings.ts';
export { digestOfCall, type DigestedCall } from './call-digest.ts';
export { approvalElicitation, readApprovalAnswer, type ApprovalElicitation } from './elicitation.ts';
export { openOperatorDesk, type OperatorDesk } from './operator-desk.ts';
export { digestOfPolicy } from './policy-digest.ts';
export { approvalRefusalMessage } from './refusal-message.ts';
export { renderShown, type ShownCall, type ShownCallOptions } from './shown-call.ts';
