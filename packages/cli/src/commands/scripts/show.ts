import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { toListed } from './list.ts';
import {
  openScripts,
  parseNamed,
  shownVersion,
  tenantOption,
  versionsOf,
  type TenantOption,
} from './named-version.ts';
import { scriptText, signatureOf } from './script-text.ts';

/** `smcp scripts show`: one version, and what differs from the one in force. */
export function scriptsShowCommand(cli: Cli): Command {
  return createCommand<TenantOption>(
    cli,
    'show',
    'show a script, what was found in it, and what differs from the version in force',
    async ({ args: [text = ''], options: { tenant } }) => {
      const named = parseNamed(text);
      const versions = await versionsOf(await openScripts(cli), named, tenant);
      const script = shownVersion(versions, named);
      const inForce = versions.find(
        ({ state, version }) => state === 'approved' && version !== script.version,
      );
      const document = { ...toListed(script), code: script.code, signature: signatureOf(script) };
      await cli.out.result({ ...document, inForce: inForce?.version ?? null }, () =>
        scriptText(cli.out, script, inForce),
      );
      return EXIT.ok;
    },
  )
    .argument('<name>', 'the script, such as count_issues or count_issues@2')
    .addOption(tenantOption())
    .addHelpText(
      'after',
      `
Without a version it is the newest one that waits, else the one in force.
${examples('smcp scripts show count_issues', 'smcp scripts show count_issues@2 --json')}`,
    );
}
