import type { ApprovalSubject } from './approval.ts';
import { canonicalDigest } from './canonical-digest.ts';

const DOMAIN = 'smcp/approval/subject/v1';

/** One text for everything that must be equal; two subjects that differ anywhere have different ones. A session is not readable in it. */
export function subjectKey(subject: ApprovalSubject): string {
  const { tenant, principal, delegation = [], session = null } = subject;
  const { server, kind, name, method, digest, rule, policy } = subject;
  const who = { tenant, principal, delegation, session };
  return canonicalDigest(DOMAIN, { who, server, kind, name, method, digest, rule, policy });
}
