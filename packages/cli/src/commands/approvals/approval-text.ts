import { oneLine } from '../../output/printable.ts';
import { askerText, callText, secondText, type ListedApproval } from './listed-approval.ts';

/** Everything about one question, for people. */
export function approvalText(approval: ListedApproval): string {
  const { id, state, method, rule, policy, digest, shown, whole } = approval;
  const lines: readonly (readonly [string, string])[] = [
    ['Question', id],
    ['State', state],
    ['Call', `${callText(approval)} (${oneLine(method, 64)})`],
    ['Asked by', `${askerText(approval)}, tenant ${oneLine(approval.tenant, 64)}`],
    ['Rule', `${oneLine(rule, 200)} of policy ${oneLine(policy, 80)}`],
    ['Digest', oneLine(digest, 80)],
    ['Asked', secondText(approval.createdAt)],
    ['Open until', secondText(approval.expiresAt)],
    ...answerLines(approval),
  ];
  const facts = lines.map(([head, text]) => `${`${head}:`.padEnd(13)}${text}`);
  const caution = whole ? [] : ['CAUTION: parts of the arguments are hidden or left out'];
  return [...facts, ...caution, ...(shown === '' ? ['Arguments:   none'] : ['Arguments:', shown])].join('\n');
}

function answerLines({ answeredAt, answeredBy, validUntil, usedAt }: ListedApproval): [string, string][] {
  const lines: [string, string][] = [];
  if (answeredAt !== undefined) {
    lines.push(['Answered', `${secondText(answeredAt)} by ${oneLine(answeredBy ?? 'nobody', 100)}`]);
  }
  if (validUntil !== undefined) lines.push(['Valid until', secondText(validUntil)]);
  if (usedAt !== undefined) lines.push(['Used', secondText(usedAt)]);
  return lines;
}
