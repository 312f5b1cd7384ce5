import type { Command } from 'commander';
import type { SavedScript } from '@smcp/codemode';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { oneLine } from '../../output/printable.ts';
import { openScripts } from './named-version.ts';
import { timeText } from './script-text.ts';

interface Options {
  readonly all?: boolean;
}

/** `smcp scripts list`: scripts that are tools, or wait to become one. */
export function scriptsListCommand(cli: Cli): Command {
  return createCommand<Options>(cli, 'list', 'list the scripts that were saved', async ({ options }) => {
    const found = cli.hasState ? await (await openScripts(cli)).list() : [];
    const isOpen = ({ state }: SavedScript): boolean => state === 'waiting' || state === 'approved';
    const scripts = options.all === true ? found : found.filter(isOpen);
    await cli.out.result({ scripts: scripts.map(toListed) }, () =>
      scripts.length === 0
        ? 'There are no saved scripts'
        : cli.out.table(scripts, [
            { head: 'NAME', cell: ({ name }) => name },
            { head: 'VERSION', cell: ({ version }) => version },
            {
              head: 'STATE',
              cell: ({ state }) => cli.out.style(state === 'waiting' ? 'yellow' : 'reset', state),
            },
            { head: 'SERVERS', cell: ({ servers }) => oneLine(servers.join(', '), 60) },
            { head: 'TENANT', cell: ({ tenant }) => oneLine(tenant, 40) },
            { head: 'SAVED BY', cell: ({ savedBy }) => oneLine(savedBy, 60) },
            { head: 'SAVED', cell: ({ savedAt }) => timeText(savedAt) },
            { head: 'FINDINGS', cell: ({ findings }) => findings.length },
          ]),
    );
    return EXIT.ok;
  })
    .option('--all', 'also versions that were rejected or retired')
    .addHelpText('after', examples('smcp scripts list', 'smcp scripts list --all --json'));
}

/** For machines: times as ISO 8601, and no code. */
export function toListed(script: SavedScript): object {
  const { code: _, savedAt, answeredAt, ...rest } = script;
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    ...rest,
    savedAt: iso(savedAt),
    ...(answeredAt === undefined ? {} : { answeredAt: iso(answeredAt) }),
  };
}
