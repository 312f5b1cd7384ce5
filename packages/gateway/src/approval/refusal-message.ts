import type { Approval } from './approval.ts';
import { clockTime } from './elicitation.ts';
import { quotedName } from './visible-text.ts';

/** What a client is told that cannot ask its user, or whose user may not answer: what is missing and how to get it. */
export function approvalRefusalMessage(approval: Approval): string {
  const { id, kind, name, server, expiresAt, status, answerers } = approval;
  const call = `The ${kind} ${quotedName(name, 128)} of ${quotedName(server, 128)}`;
  if (status === 'denied') return `${call} was asked for and denied (${id}); do not repeat this call`;
  const need = `${call} needs approval (${id}) and was not called.`;
  return answerers.includes('operator')
    ? `${need} An operator can approve this one call with "smcp approvals approve ${id}"; then repeat the same call before ${clockTime(expiresAt)}`
    : `${need} Only the user of a client that supports elicitation can approve it`;
}
