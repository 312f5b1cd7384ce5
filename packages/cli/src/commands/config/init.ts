import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { openNewFile } from '../../files/new-file.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { STARTER, STARTER_FOLDER } from './starter.ts';

/** `smcp config init`: a commented file to begin with. */
export function configInitCommand(cli: Cli): Command {
  return createCommand(
    cli,
    'init',
    'write a commented configuration to begin with',
    async ({ args: [path = 'smcp.yaml'] }) => {
      {
        await using file = await openNewFile(
          path,
          'name another file, such as: smcp config init smcp.new.yaml',
        );
        await file.writeFile(STARTER);
      }
      // Recursive only so that a folder that is there already is no error.
      const folder = join(dirname(path), STARTER_FOLDER);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await cli.out.result(
        { file: path, folder },
        () => `Wrote ${path}; its server shares the folder ${folder}`,
      );
      cli.out.note(
        `Next: smcp keys create me --role developer --config ${path}, then smcp gateway --config ${path}`,
      );
      return EXIT.ok;
    },
  )
    .argument('[file]', 'the new file; an existing one is never touched', 'smcp.yaml')
    .addHelpText('after', examples('smcp config init', 'smcp config init /etc/smcp/smcp.yaml'));
}
