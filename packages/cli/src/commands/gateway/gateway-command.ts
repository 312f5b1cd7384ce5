import type { Command } from 'commander';
import { listenAddress, serveGateway, type ServedGateway } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { configFile, configOption, type ConfigOption } from '../../configuration/config-option.ts';
import { CliError } from '../../errors/cli-error.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { EndSignals } from './end-signals.ts';

interface Options extends ConfigOption {
  readonly listen?: string;
  readonly watch: boolean;
}

/** `smcp gateway`: runs until it is told to end. */
export function gatewayCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'gateway',
    'run the gateway until it is told to end',
    async ({ options }) => {
      if (options.listen !== undefined) checkListen(options.listen);
      const file = configFile(options.config);
      const foundation = await cli.foundation();
      let running: ServedGateway | undefined;
      using signals = new EndSignals(() => {
        // The gateway logs the outcome itself.
        running?.reload().catch(() => undefined);
      });
      await using started = await serveGateway({
        foundation,
        file,
        listen: options.listen,
        watch: options.watch,
      });
      running = started;
      await signals.ended;
      return EXIT.ok;
    },
  )
    .addOption(configOption())
    .option('--listen <address>', 'listen here instead, such as 127.0.0.1:8080, :8080 or 127.0.0.1:0')
    .option('--no-watch', 'reload on SIGHUP only, not when the file changes')
    .addHelpText(
      'after',
      `
SIGHUP reloads the configuration. SIGINT and SIGTERM let calls in flight end first; a second one ends at once.
${examples('smcp gateway --config smcp.yaml', 'smcp-gateway --config /etc/smcp/smcp.yaml --listen :8080')}`,
    );
}

function checkListen(listen: string): void {
  try {
    listenAddress({ listen });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CliError('USAGE', '--listen must be HOST:PORT, :PORT or [IPV6]:PORT', { cause: error });
  }
}
