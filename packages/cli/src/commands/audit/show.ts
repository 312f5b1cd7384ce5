import type { Command } from 'commander';
import { joinCalls, readAudit, type AuditRecord, type CallTree } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { CliError } from '../../errors/cli-error.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { printableJson } from '../../output/printable.ts';
import { auditFolder } from '../../reach/operator-log.ts';
import { madeBy, treeLines } from './execution-tree.ts';

/** `smcp audit show`: everything that is recorded of one call, and of the calls that were made in its course. */
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
    const made = await madeBy(directory, summary);
    const tree = made.length === 0 ? {} : { calls: made.map(branch) };
    await cli.out.result({ ...summary, records: records.map(place), ...tree }, () =>
      [
        ...Object.entries(summary).map(
          ([name, value]) => `${cli.out.style('bold', name.padEnd(16))}${shown(value)}`,
        ),
        ...records.map((record) => `${cli.out.style('bold', 'record'.padEnd(16))}${recordLine(record)}`),
        ...(made.length === 0 ? [] : ['', cli.out.style('bold', 'calls of the script'), ...treeLines(made)]),
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

/** For machines: what tells calls of one script apart; the rest is shown by the call itself. */
function branch({ call, afterMs, children }: CallTree): Readonly<Record<string, unknown>> {
  const { call: id, server, kind, name, decision, outcome, code, upstreamMicros, resultBytes } = call;
  const found = { call: id, server, kind, name, effect: decision.effect, rule: decision.rule, outcome, code };
  return { ...found, afterMs, upstreamMicros, resultBytes, calls: children.map(branch) };
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
