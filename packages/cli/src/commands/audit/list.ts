import type { Command } from 'commander';
import { joinCalls, readAudit, type CallSummary } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { parseWholeNumber } from '../../input/whole-number.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { oneLine } from '../../output/printable.ts';
import { auditFolder } from '../../reach/operator-log.ts';
import { addFilterOptions, toAuditFilter, type FilterOptions } from './filter-options.ts';

interface Options extends FilterOptions {
  readonly limit: string;
}

/** `smcp audit list`: the newest calls that match, in the order in which they happened. */
export function auditListCommand(cli: Cli): Command {
  const command = createCommand<Options>(
    cli,
    'list',
    'list calls and what came of them',
    async ({ options }) => {
      const limit = parseWholeNumber(options.limit, '--limit', { min: 1, max: 100_000 });
      const filter = toAuditFilter(options, cli.io.now());
      const directory = auditFolder(await cli.foundation());
      const newestFirst: CallSummary[] = [];
      for await (const call of joinCalls(
        readAudit({ directory, filter: { ...filter, newestFirst: true } }),
      )) {
        newestFirst.push(call);
        if (newestFirst.length >= limit) break;
      }
      const calls = newestFirst.toReversed();
      if (cli.out.json) {
        for (const call of calls) await cli.out.line(call);
      } else {
        await cli.out.text(calls.length === 0 ? 'No calls match' : cli.out.table(calls, COLUMNS));
      }
      return EXIT.ok;
    },
  );
  return addFilterOptions(command)
    .option('--limit <n>', 'at most so many, the newest', '50')
    .addHelpText(
      'after',
      `\nWith --json, JSON lines: one call each.\n${examples('smcp audit list --since 1h', 'smcp audit list --principal key:alice --effect deny --json')}`,
    );
}

const COLUMNS = [
  { head: 'TIME', cell: (call: CallSummary) => oneLine(call.time, 24) },
  { head: 'PRINCIPAL', cell: (call: CallSummary) => oneLine(call.principal, 32) },
  { head: 'DOOR', cell: (call: CallSummary) => oneLine(call.door, 12) },
  { head: 'WHAT', cell: (call: CallSummary) => oneLine(`${call.server}:${call.name}`, 48) },
  { head: 'DECISION', cell: (call: CallSummary) => oneLine(call.decision.effect, 8) },
  { head: 'OUTCOME', cell: (call: CallSummary) => oneLine(call.code ?? call.outcome, 20) },
  {
    head: 'MS',
    cell: (call: CallSummary) =>
      call.upstreamMicros === undefined ? '' : (call.upstreamMicros / 1000).toFixed(1),
  },
  { head: 'CALL', cell: (call: CallSummary) => oneLine(call.call, 32) },
];
