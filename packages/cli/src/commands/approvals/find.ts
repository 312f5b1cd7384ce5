import type { Approval, OperatorDesk } from '@smcp/gateway';
import { CliError } from '../../errors/cli-error.ts';

/**
 * The question with this id.
 *
 * @throws {CliError} `NOT_FOUND`
 */
export async function findApproval(desk: Pick<OperatorDesk, 'get'>, id: string): Promise<Approval> {
  const found = await desk.get(id);
  if (found !== undefined) return found;
  throw new CliError('NOT_FOUND', `There is no question called ${JSON.stringify(id.slice(0, 64))}`, {
    remedy: 'see: smcp approvals list',
  });
}
