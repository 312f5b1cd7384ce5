import { Option, type Command } from 'commander';
import { readAudit, toExportLine, type AuditFilter } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { openNewFile } from '../../files/new-file.ts';
import { counted } from '../../output/count.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { auditFolder } from '../../reach/operator-log.ts';
import { addFilterOptions, toAuditFilter, type FilterOptions } from './filter-options.ts';

type RecordType = NonNullable<AuditFilter['type']>;

interface Options extends FilterOptions {
  readonly type?: RecordType;
  readonly out?: string;
}

const TYPES: readonly RecordType[] = ['call', 'refusal', 'outcome', 'auth', 'system', 'checkpoint'];

/** `smcp audit export`: records as JSON lines, oldest first. */
export function auditExportCommand(cli: Cli): Command {
  const command = createCommand<Options>(
    cli,
    'export',
    'write records as JSON lines',
    async ({ options }) => {
      const filter = { ...toAuditFilter(options, cli.io.now()), type: options.type };
      const directory = auditFolder(await cli.foundation());
      const lines = exportLines(directory, filter);
      if (options.out === undefined) {
        for await (const line of lines)
          await cli.out.text(cli.out.isTerminal ? cli.out.printable(line) : line);
      } else {
        const count = await writeLines(options.out, lines);
        await cli.out.result(
          { file: options.out, records: count },
          () => `Wrote ${counted(count, 'record')} to ${options.out}`,
        );
      }
      return EXIT.ok;
    },
  );
  return addFilterOptions(command)
    .addOption(new Option('--type <type>', 'only records of this type').choices(TYPES))
    .option('--out <file>', 'new file to write, mode 0600; default: standard output')
    .addHelpText(
      'after',
      examples(
        'smcp audit export --since 24h > calls.jsonl',
        'smcp audit export --type auth --out logins.jsonl',
      ),
    );
}

async function* exportLines(directory: string, filter: AuditFilter): AsyncGenerator<string, void> {
  for await (const record of readAudit({ directory, filter })) yield toExportLine(record);
}

async function writeLines(path: string, lines: AsyncIterable<string>): Promise<number> {
  await using file = await openNewFile(path, 'choose another file with --out');
  let count = 0;
  for await (const line of lines) {
    await file.appendFile(`${line}\n`);
    count++;
  }
  await file.sync();
  return count;
}
