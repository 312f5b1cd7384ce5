import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { CliError } from '../../errors/cli-error.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { STARTER } from './starter.ts';
import { hasCode } from '../../errors/has-code.ts';

/** `smcp config init`: a commented file to begin with. */
export function configInitCommand(cli: Cli): Command {
  return createCommand(
    cli,
    'init',
    'write a commented configuration to begin with',
    async ({ args: [path = 'smcp.yaml'] }) => {
      try {
        await using file = await open(path, 'wx', 0o600);
        await file.writeFile(STARTER);
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
        throw new CliError('FILE_EXISTS', `${path} exists already and is left as it is`, {
          cause: error,
          remedy: 'name another file, such as: smcp config init smcp.new.yaml',
        });
      }
      await cli.out.result({ file: path }, () => `Wrote ${path}`);
      cli.out.note(
        `Next: smcp keys create me --role developer --config ${path}, then smcp gateway --config ${path}`,
      );
      return EXIT.ok;
    },
  )
    .argument('[file]', 'the new file; an existing one is never touched', 'smcp.yaml')
    .addHelpText('after', examples('smcp config init', 'smcp config init /etc/smcp/smcp.yaml'));
}
