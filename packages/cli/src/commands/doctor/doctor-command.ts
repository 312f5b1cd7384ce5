import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { EXIT } from '../../output/exit-codes.ts';
import type { Output } from '../../output/output.ts';
import { oneLine } from '../../output/printable.ts';
import { checkCodeMode } from './code-mode-check.ts';
import type { Finding } from './finding.ts';
import { checkConfig, checkDisk, checkNode, checkState } from './own-checks.ts';
import { checkPrograms } from './program-checks.ts';
import { checkWorkers } from './worker-check.ts';

/** `smcp doctor`: what this machine has and lacks. Changes nothing and starts no server. */
export function doctorCommand(cli: Cli): Command {
  return createCommand(cli, 'doctor', 'show what this machine has and lacks, and how to get it', async () => {
    const findings: readonly Finding[] = [
      checkNode(process.version),
      ...(await checkState(cli)),
      await checkDisk(cli.stateFolder),
      await checkConfig(cli),
      ...(await checkWorkers(cli)),
      ...(await checkPrograms(cli.io.env)),
      ...(await checkCodeMode(cli)),
    ];
    const ok = !findings.some(({ needed, status }) => needed && status === 'missing');
    await cli.out.result({ ok, findings }, () => findingsText(cli.out, findings, ok));
    return ok ? EXIT.ok : EXIT.failure;
  }).addHelpText(
    'after',
    `\nExit code 1 only when something is missing that the gateway cannot do without.\n${examples('smcp doctor', 'smcp doctor --json')}`,
  );
}

const MARKS = {
  ok: ['green', 'ok'],
  warning: ['yellow', 'warning'],
  missing: ['red', 'missing'],
  absent: ['yellow', 'absent'],
} as const;

function findingsText(out: Output, findings: readonly Finding[], ok: boolean): string {
  const table = out.table(findings, [
    { head: 'WHAT', cell: ({ what }) => what },
    { head: 'STATE', cell: (finding) => mark(out, finding) },
    { head: 'DETAIL', cell: ({ detail }) => oneLine(detail, 100) },
    { head: 'FOR', cell: ({ purpose }) => purpose },
  ]);
  const remedies = findings.flatMap(({ what, remedy }) =>
    remedy === undefined ? [] : [`${what}: ${out.printable(remedy)}`],
  );
  const verdict = ok
    ? 'Everything the gateway needs is here'
    : out.style('red', 'Something is missing that the gateway needs');
  return [table, ...(remedies.length === 0 ? [] : [remedies.join('\n')]), verdict].join('\n\n');
}

function mark(out: Output, { status, needed }: Finding): string {
  const [colour, word] = MARKS[status === 'missing' && !needed ? 'absent' : status];
  return out.style(colour, word);
}
