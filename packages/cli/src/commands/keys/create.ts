import type { Command } from 'commander';
import { issueKey } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import type { ConfigOption } from '../../configuration/config-option.ts';
import { checkRoles, ifNamedConfig, issueContext } from '../../credentials/issue-context.ts';
import { toListed } from '../../credentials/listing.ts';
import { parseFuture } from '../../input/duration.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { recordChange } from '../../reach/operator-log.ts';

interface Options extends ConfigOption {
  readonly role: readonly string[];
  readonly expires?: string;
  readonly publicKey?: string;
}

/** `smcp keys create`: the key is the only thing on standard output, and is never shown again. */
export function keysCreateCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'create',
    'make an API key and print it once',
    async ({ args: [name = ''], options }) => {
      const { role: roles, expires, publicKey } = options;
      const expiresAt = expires === undefined ? undefined : parseFuture(expires, '--expires', cli.io.now());
      const loaded = await ifNamedConfig(cli, options.config);
      checkRoles(roles, loaded);
      const { token, entry } = await recordChange(cli, async (foundation) => {
        const result = await issueKey(issueContext(cli, foundation, loaded), {
          name,
          roles,
          ...(expiresAt === undefined ? {} : { expiresAt }),
          ...(publicKey === undefined ? {} : { publicKey }),
        });
        const { hint, expiresAt: until } = result.entry;
        return {
          result,
          event: 'key.created',
          detail: { id: `key:${name}`, roles, hint, expires: until ?? 'never' },
        };
      });
      await cli.out.result({ ...toListed('key', entry, cli.io.now()), token }, () => token);
      const until = entry.expiresAt === undefined ? 'never expires' : `expires ${entry.expiresAt}`;
      cli.out.note(
        `Created key:${name} (${roles.join(', ')}; ${until}). Keep the key now: it is not shown again.`,
      );
      return EXIT.ok;
    },
  )
    .argument('<name>', 'who this is; the principal is called key:<name>')
    .requiredOption('--role <role...>', 'roles it has')
    .option('--expires <when>', 'a duration such as 30d, or a date; default: never')
    .option('--public-key <x>', 'Ed25519 public key for signing delegations, see: smcp delegation keygen')
    .option('-c, --config <file>', 'check name and roles against this configuration')
    .addHelpText(
      'after',
      examples(
        'smcp keys create alice --role developer --expires 90d',
        'KEY=$(smcp keys create ci --role ci)',
      ),
    );
}
