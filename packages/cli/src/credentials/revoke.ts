import type { Foundation } from '@smcp/gateway';
import type { Cli } from '../cli/cli.ts';
import { CliError } from '../errors/cli-error.ts';
import { EXIT, type ExitCode } from '../output/exit-codes.ts';
import { recordChange } from '../reach/operator-log.ts';

/** Revokes a stored key or agent, by name or id, and records it. A second time changes nothing and is no failure. */
export async function revokeCredential(cli: Cli, kind: 'key' | 'agent', given: string): Promise<ExitCode> {
  const name = given.startsWith(`${kind}:`) ? given.slice(kind.length + 1) : given;
  const id = `${kind}:${name}`;
  const at = new Date(cli.io.now()).toISOString();
  const revokedAt = await recordChange(cli, async ({ store }: Foundation) => {
    const table = kind === 'key' ? store.keys : store.agents;
    const found = await table.get(name);
    if (found === undefined) {
      throw new CliError(
        'NOT_FOUND',
        `The store has no ${kind} called ${JSON.stringify(name.slice(0, 64))}`,
        {
          remedy: `see: smcp ${kind}s list; entries of the configuration file are removed there`,
        },
      );
    }
    if (found.revokedAt !== undefined || !(await table.revoke(name, at)))
      return { result: found.revokedAt ?? at };
    return { result: at, event: `${kind}.revoked`, detail: { id } };
  });
  const again = revokedAt !== at;
  await cli.out.result({ id, revokedAt, changed: !again }, () =>
    again
      ? `${id} was revoked already, at ${revokedAt}`
      : `Revoked ${id}; a running gateway refuses it from now on`,
  );
  return EXIT.ok;
}
