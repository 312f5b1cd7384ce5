import { createIds } from '../lib/random-id.ts';
import type { ApprovalTable } from '../store/index.ts';
import { ApprovalDesk } from './approval-desk.ts';

/** What an operator does at the desk: looks at questions and answers them. */
export type OperatorDesk = Pick<ApprovalDesk, 'answer' | 'get' | 'list'>;

/**
 * Opens the desk beside a gateway that runs or does not. Needs no configuration: each question carries how long its approval is valid and who may answer.
 *
 * @param clock Milliseconds since 1970.
 */
export function openOperatorDesk(table: ApprovalTable, clock: () => number): OperatorDesk {
  const nothingIsAsked = { expireSeconds: 1, validSeconds: 1, maxPending: 0, maxPendingPerPrincipal: 0 };
  return new ApprovalDesk({
    table,
    settings: { ...nothingIsAsked, answeredBy: ['operator'] },
    clock,
    newId: createIds('apr-'),
  });
}
