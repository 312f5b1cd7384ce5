import type { Command } from 'commander';
import { generateDelegationKey } from '@smcp/protocol';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { writeKeyFile } from './key-file.ts';

/** `smcp delegation keygen`: the private key goes to a file, the public one to standard output. */
export function delegationKeygenCommand(cli: Cli): Command {
  return createCommand<{ readonly out: string }>(
    cli,
    'keygen',
    'make a key pair for signing delegations',
    async ({ options }) => {
      const { privateKey, publicKey } = await generateDelegationKey();
      await writeKeyFile(options.out, privateKey);
      await cli.out.result({ publicKey, file: options.out }, () => publicKey);
      cli.out.note(
        `Private key written to ${options.out}; only its owner may have it. Register the public key above with --public-key.`,
      );
      return EXIT.ok;
    },
  )
    .requiredOption('--out <file>', 'new file for the private key, mode 0600')
    .addHelpText(
      'after',
      examples(
        'smcp keys create alice --role developer --public-key "$(smcp delegation keygen --out alice.jwk)"',
      ),
    );
}
