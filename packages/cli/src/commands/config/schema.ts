import type { Command } from 'commander';
import { configJsonSchema } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { EXIT } from '../../output/exit-codes.ts';

/** `smcp config schema`: always JSON. */
export function configSchemaCommand(cli: Cli): Command {
  return createCommand(cli, 'schema', 'print the JSON Schema of the configuration', async () => {
    await cli.out.document(configJsonSchema());
    return EXIT.ok;
  }).addHelpText('after', examples('smcp config schema > smcp.schema.json'));
}
