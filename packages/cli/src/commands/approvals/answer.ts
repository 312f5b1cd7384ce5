import type { Command } from 'commander';
import { openOperatorDesk, type Approval, type OperatorDesk } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { CliError } from '../../errors/cli-error.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { recordChange } from '../../reach/operator-log.ts';
import { approvalText } from './approval-text.ts';
import { confirm } from './confirm.ts';
import { findApproval } from './find.ts';
import { askerText, callText, secondText, toListed } from './listed-approval.ts';
import { operatorName, systemUser } from './operator-name.ts';

type Verdict = Parameters<OperatorDesk['answer']>[1];

interface Options {
  readonly by?: string;
  readonly yes?: boolean;
}

/** `smcp approvals approve`: lets one call through, once. */
export function approvalsApproveCommand(cli: Cli): Command {
  return withBy(
    createCommand<Options>(cli, 'approve', 'let one call through, once', ({ args: [id = ''], options }) =>
      answer(cli, id, 'approve', options),
    ),
  )
    .option('--yes', 'do not ask again on a terminal')
    .addHelpText(
      'after',
      `
On a terminal it shows the call and asks. Nothing but this very call is approved, for whoever asked for it.
${examples('smcp approvals approve apr-Zk3vQ0cW1yLr8s2D', 'smcp approvals approve apr-Zk3vQ0cW1yLr8s2D --by alice --yes')}`,
    );
}

/** `smcp approvals deny` */
export function approvalsDenyCommand(cli: Cli): Command {
  return withBy(
    createCommand<Options>(cli, 'deny', 'refuse one call', ({ args: [id = ''], options }) =>
      answer(cli, id, 'deny', options),
    ),
  ).addHelpText('after', examples('smcp approvals deny apr-Zk3vQ0cW1yLr8s2D'));
}

function withBy(command: Command): Command {
  return command
    .argument('<id>', 'the question, apr-…')
    .option('--by <name>', 'who answers, for the record; default: your user name');
}

async function answer(cli: Cli, id: string, verdict: Verdict, { by, yes }: Options): Promise<ExitCode> {
  const user = operatorName(by);
  if (verdict === 'approve' && yes !== true && !(await isConfirmed(cli, id))) {
    await cli.out.result({ id, changed: false }, () => `Nothing was approved; ${id} stays open`);
    return EXIT.failure;
  }
  const answered = await recordChange(cli, async ({ store }) => {
    const desk = openOperatorDesk(store.approvals, cli.io.now);
    const result = await answerAndFind(desk, id, verdict, user);
    const { tenant, principal, server, kind, name, digest, rule } = result;
    const detail = {
      id,
      by: user,
      osUser: systemUser(),
      tenant,
      principal,
      server,
      kind,
      name,
      digest,
      rule,
    };
    return { result, event: verdict === 'approve' ? 'approval.approved' : 'approval.denied', detail };
  });
  const listed = toListed(answered, cli.io.now());
  await cli.out.result({ ...listed, changed: true }, () => doneText(answered));
  return EXIT.ok;
}

/** People who are told an id by an agent see first what they let through. */
async function isConfirmed(cli: Cli, id: string): Promise<boolean> {
  const { stdin, stderr } = cli.io;
  if (stdin.isTTY !== true || cli.out.json) return true;
  const { store } = await cli.foundation();
  const found = await findApproval(openOperatorDesk(store.approvals, cli.io.now), id);
  const text = approvalText(toListed(found, cli.io.now()));
  return await confirm(cli.out.printable(`${text}\n\nApprove this call? [y/N] `), stdin, stderr);
}

/** @throws {CliError} `NOT_FOUND`, `APPROVAL_CLOSED`, `APPROVAL_FORBIDDEN` */
async function answerAndFind(
  desk: OperatorDesk,
  id: string,
  verdict: Verdict,
  user: string,
): Promise<Approval> {
  const outcome = await desk.answer(id, verdict, { by: 'operator', user });
  const found = await findApproval(desk, id);
  if (outcome === 'ok') return found;
  throw refusalOf(outcome, found);
}

function refusalOf(
  outcome: Exclude<Awaited<ReturnType<OperatorDesk['answer']>>, 'ok'>,
  { id, expiresAt, status, answeredBy }: Approval,
): CliError {
  if (outcome === 'expired') {
    return new CliError('APPROVAL_CLOSED', `${id} expired at ${secondText(expiresAt)} UTC`, {
      remedy: 'the caller has to make the call again',
    });
  }
  if (outcome === 'forbidden') {
    return new CliError('APPROVAL_FORBIDDEN', `${id} can only be answered by the user of the client`, {
      remedy: 'see approvals.answered_by in the configuration',
    });
  }
  const message = `${id} was answered already: ${status}, by ${answeredBy ?? 'somebody'}`;
  return new CliError('APPROVAL_CLOSED', message);
}

function doneText(approval: Approval): string {
  const { id, validUntil, status } = approval;
  const call = `${callText(approval)} for ${askerText(approval)} (${id})`;
  return status === 'denied' || validUntil === undefined
    ? `Denied ${call}`
    : `Approved ${call}; it can be used once, until ${secondText(validUntil)} UTC`;
}
