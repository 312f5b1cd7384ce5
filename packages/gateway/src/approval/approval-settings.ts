import type { ApprovalsConfig } from '../config/schema.ts';
import type { ApprovalSettings } from './approval.ts';

export function toApprovalSettings(config: ApprovalsConfig): ApprovalSettings {
  return {
    expireSeconds: config.expire_seconds,
    validSeconds: config.valid_seconds,
    maxPending: config.max_pending,
    maxPendingPerPrincipal: config.max_pending_per_principal,
    answeredBy: config.answered_by,
  };
}
