import type { Command } from 'commander';
import { issueAgent } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { hashCode } from '../../code-hash/hash-code.ts';
import type { ConfigOption } from '../../configuration/config-option.ts';
import { checkRoles, ifNamedConfig, issueContext } from '../../credentials/issue-context.ts';
import { toListed } from '../../credentials/listing.ts';
import { CliError } from '../../errors/cli-error.ts';
import { parseFuture } from '../../input/duration.ts';
import { parseWholeNumber } from '../../input/whole-number.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { recordChange } from '../../reach/operator-log.ts';

interface Options extends ConfigOption {
  readonly codeHash?: string;
  readonly code?: string;
  readonly role: readonly string[];
  readonly maxDelegationDepth: string;
  readonly allowedDelegator?: readonly string[];
  readonly expires?: string;
  readonly publicKey?: string;
}

/** `smcp agents create`: the token is the only thing on standard output, and is never shown again. */
export function agentsCreateCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'create',
    'register an agent and print its token once',
    async ({ args: [name = ''], options }) => {
      const { role: roles, expires, publicKey, allowedDelegator: allowedDelegators = [] } = options;
      const codeHash = await codeHashOf(options);
      const maxDelegationDepth = parseWholeNumber(options.maxDelegationDepth, '--max-delegation-depth', {
        min: 0,
        max: 16,
      });
      const expiresAt = expires === undefined ? undefined : parseFuture(expires, '--expires', cli.io.now());
      const loaded = await ifNamedConfig(cli, options.config);
      checkRoles(roles, loaded);
      const { token, entry } = await recordChange(cli, async (foundation) => {
        const result = await issueAgent(issueContext(cli, foundation, loaded), {
          name,
          roles,
          codeHash,
          maxDelegationDepth,
          allowedDelegators,
          ...(expiresAt === undefined ? {} : { expiresAt }),
          ...(publicKey === undefined ? {} : { publicKey }),
        });
        const detail = {
          id: `agent:${name}`,
          roles,
          codeHash,
          maxDelegationDepth,
          allowedDelegators,
          hint: result.entry.hint,
        };
        return { result, event: 'agent.created', detail };
      });
      await cli.out.result({ ...toListed('agent', entry, cli.io.now()), token }, () => token);
      cli.out.note(
        `Created agent:${name} (${roles.join(', ')}; code ${codeHash}). Keep the token now: it is not shown again.`,
      );
      return EXIT.ok;
    },
  )
    .argument('<name>', 'which agent this is; the principal is called agent:<name>')
    .requiredOption('--role <role...>', 'roles it has')
    .option('--code <path>', 'file or folder with its code, which is hashed now')
    .option('--code-hash <hash>', 'hash of its code instead, as sha256:<hex>')
    .option('--max-delegation-depth <n>', 'longest delegation chain it may take part in', '0')
    .option('--allowed-delegator <id...>', 'principals that may delegate to it, such as key:alice')
    .option('--expires <when>', 'a duration such as 30d, or a date; default: never')
    .option('--public-key <x>', 'Ed25519 public key for delegating further, see: smcp delegation keygen')
    .option('-c, --config <file>', 'check name and roles against this configuration')
    .addHelpText(
      'after',
      examples(
        'smcp agents create release-bot --role ci --code dist/bot.mjs',
        'smcp agents create planner --role ci --code ./planner --max-delegation-depth 1 --allowed-delegator key:alice',
      ),
    );
}

async function codeHashOf({ code, codeHash }: Options): Promise<string> {
  if ((code === undefined) === (codeHash === undefined)) {
    throw new CliError('USAGE', 'Say what the agent is: either --code PATH or --code-hash sha256:…');
  }
  return codeHash ?? (await hashCode(code ?? ''));
}
