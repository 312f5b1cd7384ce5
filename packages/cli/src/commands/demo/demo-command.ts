import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  createLogger,
  openFoundation,
  startGateway,
  type Foundation,
  type RunningGateway,
} from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { EndSignals } from '../gateway/end-signals.ts';
import { connectionText } from './client-config.ts';
import { auditStep, largestExecution, withReasons } from './evidence.ts';
import { prepareSample } from './sample.ts';
import { executionText, stepsText } from './steps-text.ts';
import { hasCode } from '../../errors/has-code.ts';

interface Options {
  readonly once?: boolean;
  readonly folder: string;
  readonly listen?: string;
}

const USUAL_LISTEN = '127.0.0.1:8080';
const ANY_PORT = '127.0.0.1:0';

/** `smcp demo`: a gateway in front of three real servers that shows what it does, then stays for your own client. */
export function demoCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'demo',
    'start a sample gateway, walk through it, and stay up for your own client',
    async ({ options }) => {
      const folder = resolve(options.folder);
      const listen = options.listen ?? (options.once === true ? ANY_PORT : USUAL_LISTEN);
      const sample = await prepareSample(folder, listen);
      await using foundation = await openFoundation({ env: cli.io.env, home: resolve(folder, 'state') });
      using signals = new EndSignals(() => undefined);
      cli.out.note('Starting a gateway in front of three MCP servers …');
      await using gateway = await startOn(
        cli,
        foundation,
        sample.configFile,
        listen,
        options.listen === undefined,
      );
      const began = new Date().toISOString();
      // The client takes a tenth of a second to load, which no other command is to wait for.
      const [{ walk }, { codeWalk }] = await Promise.all([import('./walk.ts'), import('./code-walk.ts')]);
      const walked = [...(await walk(gateway.url, sample)), ...(await codeWalk(gateway.url, sample))];
      const steps = [...(await withReasons(walked, foundation)), await auditStep(foundation)];
      const execution = await largestExecution(foundation, began);
      await cli.out.result({ url: gateway.url, steps, execution: execution?.call.call ?? null }, () =>
        [
          stepsText(steps, cli.out),
          ...(execution === undefined ? [] : [executionText(execution, cli.out)]),
        ].join('\n'),
      );
      const ok = steps.every((step) => step.ok);
      if (options.once === true) {
        return ok ? EXIT.ok : EXIT.failure;
      }
      cli.out.note(connectionText(gateway.url, sample.key));
      await signals.ended;
      return ok ? EXIT.ok : EXIT.failure;
    },
  )
    .option('--once', 'end after the walk')
    .option(
      '--folder <dir>',
      'where the sample lives; its keys stay the same from start to start',
      '.smcp/demo',
    )
    .option(
      '--listen <address>',
      `address and port (default: ${USUAL_LISTEN}, or a free port with --once or when it is taken)`,
    )
    .addHelpText('after', examples('smcp demo', 'smcp demo --once', 'smcp demo --once --json'));
}

async function startOn(
  cli: Cli,
  foundation: Foundation,
  file: string,
  listen: string,
  mayMove: boolean,
): Promise<RunningGateway> {
  // The walk shows what happens; the log would say it twice.
  const logger = createLogger({ level: 'error', format: 'text', redact: (text) => text });
  const common = { foundation, file, watch: false, logger };
  try {
    return await startGateway({ ...common, listen });
  } catch (error) {
    if (!mayMove || !hasCode(error, 'EADDRINUSE')) {
      throw error;
    }
    cli.out.note(`${listen} is taken; using a free port instead.`);
    return await startGateway({ ...common, listen: ANY_PORT });
  }
}
