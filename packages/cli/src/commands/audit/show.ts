import type { Command } from 'commander';
import { joinCalls, readAudit, type AuditRecord } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { CliError } from '../../errors/cli-error.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { printableJson } from '../../output/printable.ts';
import { auditFolder } from '../../reach/operator-log.ts';

/** `smcp audit show`: everything that is recorded of one call. */
export function auditShowCommand(cli: Cli): Command {
  return createCommand(cli, 'show', 'show everything recorded of one call', async ({ args: [call = ''] }) => {
    const directory = auditFolder(await cli.foundation());
    const records: AuditRecord[] = [];
    for await (const record of readAudit({ directory, filter: { call } })) records.push(record);
    const { value: summary } = await joinCalls(records).next();
    if (summary === undefined) {
      throw new CliError('NOT_FOUND', `The audit log has no call ${JSON.stringify(call.slice(0, 64))}`, {
        remedy: 'find its id with: smcp audit list',
      });
    }
    await cli.out.result({ ...summary, records: records.map(place) }, () =>
      [
        ...Object.entries(summary).map(
          ([name, value]) => `${cli.out.style('bold', name.padEnd(16))}${shown(value)}`,
        ),
        ...records.map((record) => `${cli.out.style('bold', 'record'.padEnd(16))}${recordLine(record)}`),
      ].join('\n'),
    );
    return EXIT.ok;
  })
    .argument('<call>', 'id of the call, such as call-3q2…')
    .addHelpText(
      'after',
      examples('smcp audit show call-3q2Ck0dJ9wGm1Xza', 'smcp audit show call-3q2Ck0dJ9wGm1Xza --json'),
    );
}

function place({ writer, seq, hash, entry }: AuditRecord): Readonly<Record<string, unknown>> {
  return { writer, seq, type: entry.type, time: entry.time, hash };
}

function recordLine({ writer, seq, hash, entry }: AuditRecord): string {
  return `${writer} ${seq}  ${entry.type}  ${hash}`;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? printableJson(value).slice(1, -1) : printableJson(value);
}
