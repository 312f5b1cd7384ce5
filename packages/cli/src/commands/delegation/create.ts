import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { createDelegationLink, DELEGATION_HEADER, joinDelegationChain } from '@smcp/protocol';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { CliError } from '../../errors/cli-error.ts';
import { parseDurationSeconds } from '../../input/duration.ts';
import { parseWholeNumber } from '../../input/whole-number.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { readKeyFile } from './key-file.ts';

/** Gateways refuse a link that lives longer. */
const MAX_TTL_SECONDS = 3600;

interface Options {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly audience: string;
  readonly scope: readonly string[];
  readonly ttl: string;
  readonly maxDepth: string;
  readonly chain?: string;
}

/** `smcp delegation create`: signs one link and prints the whole header value. */
export function delegationCreateCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'create',
    'sign a delegation and print the header value',
    async ({ options }) => {
      const { from, to, audience, scope, chain } = options;
      const nowSeconds = Math.floor(cli.io.now() / 1000);
      const lifetimeSeconds = parseDurationSeconds(options.ttl, '--ttl');
      if (lifetimeSeconds > MAX_TTL_SECONDS) {
        throw new CliError(
          'USAGE',
          `--ttl must be at most 1h: gateways refuse a delegation that counts for more than ${MAX_TTL_SECONDS} seconds`,
        );
      }
      const maxDepth = parseWholeNumber(options.maxDepth, '--max-depth', { min: 0, max: 16 });
      const link = await createDelegationLink({
        delegator: from,
        delegate: to,
        audience,
        key: await readKeyFile(options.key),
        scope,
        lifetimeSeconds,
        maxDepth,
        ...(chain === undefined ? {} : { previous: chain }),
        nowSeconds,
        random: (count) => randomBytes(count),
      });
      const value = chain === undefined ? link : joinDelegationChain(chain, link);
      const expiresAt = new Date((nowSeconds + lifetimeSeconds) * 1000).toISOString();
      await cli.out.result({ header: DELEGATION_HEADER, value, expiresAt }, () => value);
      cli.out.note(
        `${to} may act for ${from} until ${expiresAt}: send the line above as the header ${DELEGATION_HEADER}`,
      );
      return EXIT.ok;
    },
  )
    .requiredOption('--key <file>', 'private key of the delegator, from: smcp delegation keygen')
    .requiredOption('--from <id>', 'who delegates, such as key:alice')
    .requiredOption('--to <id>', 'who may act, such as agent:planner')
    .requiredOption('--audience <url>', 'address of the gateway at which it counts')
    .requiredOption('--scope <pattern...>', "what is passed on, as server:tool globs; '*:*' for everything")
    .requiredOption('--ttl <duration>', 'how long it counts, such as 10m; at most 1h')
    .option('--max-depth <n>', 'how many further delegations may follow', '0')
    .option('--chain <value>', 'header value that this delegation continues')
    .addHelpText(
      'after',
      examples(
        "smcp delegation create --key alice.jwk --from key:alice --to agent:planner --audience https://gate.example --scope 'github:read_*' --ttl 10m",
      ),
    );
}
