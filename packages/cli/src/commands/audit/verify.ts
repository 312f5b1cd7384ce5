import { join } from 'node:path';
import type { Command } from 'commander';
import { verifyAudit, type AuditProblem, type AuditVerdict } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { EXIT } from '../../output/exit-codes.ts';
import type { Output } from '../../output/output.ts';
import { oneLine } from '../../output/printable.ts';
import { auditFolder } from '../../reach/operator-log.ts';

/** `smcp audit verify`: whether anything recorded was changed, removed or exchanged since. */
export function auditVerifyCommand(cli: Cli): Command {
  return createCommand(cli, 'verify', 'check that no record was changed or removed', async () => {
    const foundation = await cli.foundation();
    const directory = auditFolder(foundation);
    const verdict = await verifyAudit({
      directory,
      store: foundation.store,
      publicKey: foundation.home.auditPublicKey,
    });
    await cli.out.result(verdict, () => verdictText(cli.out, verdict, directory));
    return verdict.ok ? EXIT.ok : EXIT.failure;
  }).addHelpText(
    'after',
    `\nExit code 0 when everything is in order, 1 when it is not.\n${examples('smcp audit verify', 'smcp audit verify --json')}`,
  );
}

function verdictText(out: Output, { ok, writers }: AuditVerdict, directory: string): string {
  if (writers.length === 0) return 'Nothing was recorded yet';
  const table = out.table(writers, [
    { head: 'WRITER', cell: ({ writer }) => writer },
    { head: 'RECORDS', cell: ({ records }) => records },
    { head: 'SIGNED', cell: ({ signedThrough }) => signedThrough },
    { head: 'CHECKPOINTS', cell: ({ checkpoints }) => checkpoints },
    { head: 'FILES', cell: ({ segments }) => segments },
    { head: 'FROM', cell: ({ firstTime }) => oneLine(firstTime ?? '', 24) },
    { head: 'TO', cell: ({ lastTime }) => oneLine(lastTime ?? '', 24) },
    { head: 'PROBLEMS', cell: ({ problemCount }) => problemCount },
  ]);
  const problems = writers.flatMap(({ writer, problems: found, problemCount }) => [
    ...found.map((problem) => problemLine(join(directory, writer), problem)),
    ...(problemCount > found.length ? [`${writer}: and ${problemCount - found.length} more`] : []),
  ]);
  const notes = writers.flatMap(({ writer, notes: said }) =>
    said.map((note) => `note: ${writer}: ${oneLine(note, 300)}`),
  );
  const verdict = ok
    ? out.style('green', 'Every chain is whole')
    : out.style('red', 'The log is NOT as it was written');
  return [table, ...(problems.length === 0 ? [] : [problems.join('\n')]), ...notes, verdict].join('\n\n');
}

function problemLine(folder: string, { file, line, code, message }: AuditProblem): string {
  const place = file === undefined ? folder : `${join(folder, file)}${line === undefined ? '' : `:${line}`}`;
  return `${place}: ${oneLine(message, 300)} [${code}]`;
}
