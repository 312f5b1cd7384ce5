import type { Approval } from '@smcp/gateway';
import { oneLine } from '../../output/printable.ts';

/** `expired`: nobody answered in time. `lapsed`: it was approved and not used in time. */
export type ApprovalState = Approval['status'] | 'expired' | 'lapsed';

/** A question for printing. The digest over its subject is of use to the gateway alone and left out. */
export type ListedApproval = Omit<Approval, 'subject'> & {
  readonly state: ApprovalState;
  readonly subject: undefined;
};

export function toListed(approval: Approval, now: number): ListedApproval {
  return { ...approval, state: stateOf(approval, now), subject: undefined };
}

/** `tool slack:post_message` */
export function callText({ kind, server, name }: Pick<Approval, 'kind' | 'server' | 'name'>): string {
  return `${kind} ${oneLine(server, 64)}:${oneLine(name, 200)}`;
}

/** `key:alice`, or `agent:bot for key:alice`. */
export function askerText({ principal, delegation }: Pick<Approval, 'principal' | 'delegation'>): string {
  const behind = delegation.length === 0 ? '' : ` for ${delegation.join(', ')}`;
  return oneLine(principal + behind, 200);
}

/** `2026-11-20 14:05:09` */
export function secondText(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

function stateOf({ status, expiresAt, validUntil }: Approval, now: number): ApprovalState {
  if (status === 'pending') return now < Date.parse(expiresAt) ? 'pending' : 'expired';
  if (status !== 'approved') return status;
  return validUntil !== undefined && now < Date.parse(validUntil) ? 'approved' : 'lapsed';
}
