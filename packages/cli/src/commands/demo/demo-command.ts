import { resolve } from 'node:path';
import { openFoundation, startGateway, verifyAudit, type Foundation } from '@smcp/gateway';
import Table from 'cli-table3';
import { Command } from 'commander';
import { clientConfigs } from './client-config.ts';
import { prepareSample } from './sample.ts';
import { walk, type Step } from './walk.ts';

interface DemoOptions {
  readonly once?: boolean;
  readonly folder: string;
  readonly listen?: string;
  readonly json?: boolean;
}

const USUAL_LISTEN = '127.0.0.1:8080';
const ANY_PORT = '127.0.0.1:0';

/** `smcp demo`: a gateway in front of three real servers that shows what it does, then stays for your own client. */
export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'Start a sample gateway in front of three real servers, walk through it, and stay up for your own MCP client',
    )
    .option('--once', 'end after the walk')
    .option('--folder <dir>', 'where the sample lives', '.smcp/demo')
    .option(
      '--listen <address>',
      `address and port (default: ${USUAL_LISTEN}, or a free port with --once or when it is taken)`,
    )
    .option('--json', 'print the walk as one JSON document')
    .addHelpText('after', '\nExamples:\n  smcp demo\n  smcp demo --once\n  smcp demo --once --json')
    .action(async (options: DemoOptions) => {
      await runDemo(options);
    });
}

async function runDemo(options: DemoOptions): Promise<void> {
  const folder = resolve(options.folder);
  const wanted = options.listen ?? (options.once === true ? ANY_PORT : USUAL_LISTEN);
  const sample = await prepareSample(folder, wanted);
  await using foundation = await openFoundation({ env: process.env, home: resolve(folder, 'state') });
  await using gateway = await startOn(foundation, sample.configFile, wanted, options.listen === undefined);
  const steps = [...(await walk(gateway.url, sample)), await auditStep(foundation)];
  if (options.json === true) {
    console.log(JSON.stringify({ url: gateway.url, steps }));
  } else {
    printSteps(steps);
  }
  if (options.once === true) {
    process.exitCode = steps.every(({ ok }) => ok) ? 0 : 1;
    return;
  }
  printConnection(gateway.url, sample.key);
  await untilInterrupted();
}

async function startOn(
  foundation: Foundation,
  file: string,
  listen: string,
  mayMove: boolean,
): ReturnType<typeof startGateway> {
  const common = { foundation, file, watch: false };
  try {
    return await startGateway({ ...common, listen });
  } catch (error) {
    if (!mayMove || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') {
      throw error;
    }
    console.error(`${listen} is taken; using a free port instead.`);
    return await startGateway({ ...common, listen: ANY_PORT });
  }
}

async function auditStep({ home, store }: Foundation): Promise<Step> {
  const { ok, writers } = await verifyAudit({
    directory: home.file('audit'),
    store,
    publicKey: home.auditPublicKey,
  });
  const records = writers.reduce((sum, writer) => sum + writer.records, 0);
  const problems = writers.flatMap((writer) => writer.problems.map(({ message }) => message));
  const result = ok ? `${records} records, hash chain and signatures intact` : problems.join('; ');
  return { title: 'Audit verified', who: 'operator', call: 'smcp audit verify', result, ok };
}

function printSteps(steps: readonly Step[]): void {
  const table = new Table({
    head: ['', 'Step', 'Who', 'Call', 'What happened'],
    colWidths: [4, 20, 18, 32, 60],
    wordWrap: true,
    style: process.stdout.isTTY ? {} : { head: [], border: [] },
  });
  for (const { ok, title, who, call, result } of steps) {
    table.push([ok ? '✓' : '✗', title, who, call, result]);
  }
  console.log(`\nA walk through the gateway, as its clients see it:\n${table.toString()}`);
}

function printConnection(url: string, key: string): void {
  console.log(`\nThe gateway is up. Give it to your own client:\n\n  URL  ${url}/mcp\n  Key  ${key}\n`);
  for (const { client, where, text } of clientConfigs(url, key)) {
    console.log(`${client} (${where}):\n\n${text.replaceAll(/^/gm, '  ')}\n`);
  }
  console.log('Ctrl-C ends it.');
}

async function untilInterrupted(): Promise<void> {
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        done();
      });
    }
  });
}
