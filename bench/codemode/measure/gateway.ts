import type { Workspace } from '../../lifetime/workspace.ts';
import { quantile } from '../../statistics.ts';
import { tokensOf } from '../../tokens/transcript.ts';
import type { GatewayFigures, GatewayRound, SavingFigures } from '../figures.ts';
import { startCodeGateway, type CodeGateway } from '../gateway/code-gateway.ts';
import type { GatewayClient } from '../gateway/gateway-client.ts';
import type { CodemodeSettings } from '../options.ts';
import { CALLS, callsBody, SCRIPTS, timedCallsBody, type ScriptName } from '../scripts.ts';
import { timed, timedOften } from './clock.ts';

const WARM_UPS = 30;

interface Clients {
  readonly unchecked: GatewayClient;
  readonly checked: GatewayClient;
  readonly plain: GatewayClient;
  /** Of the gateway that does not check, for calls at the same time. */
  readonly many: readonly GatewayClient[];
}

/**
 * Measures code mode as a client of the gateway has it: scripts by HTTP at `/code`, the tools behind the same gateway in a process of their own over stdio.
 *
 * @throws {Error} When a script or a call fails, or gives something else than it has to.
 */
export async function measureGateway(
  workspace: Workspace,
  settings: CodemodeSettings,
  progress: (text: string) => void,
): Promise<GatewayFigures> {
  await using stack = new AsyncDisposableStack();
  progress('starting gateways');
  const { listenMs, firstValueMs } = await measureStarts(workspace, settings.starts);
  const clients = await openClients(workspace, settings.clients, stack);
  for (const client of [clients.unchecked, clients.checked]) {
    await timedOften(WARM_UPS, async () => await execute(client, 'value'));
  }
  await timedOften(WARM_UPS, async (at) => await clients.plain.call('echo', { message: `warm up ${at}` }));
  const rounds: GatewayRound[] = [];
  for (let round = 1; round <= settings.rounds; round += 1) {
    progress(`round ${round} of ${settings.rounds}: through the gateway`);
    rounds.push(await measureRound(clients, round, settings));
  }
  const contextTokens = tokensOf(JSON.stringify(await clients.unchecked.tools()));
  return { listenMs, firstValueMs, rounds, contextTokens };
}

async function measureStarts(
  workspace: Workspace,
  starts: number,
): Promise<Pick<GatewayFigures, 'listenMs' | 'firstValueMs'>> {
  const listenMs: number[] = [];
  const firstValueMs: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const gateway = await startCodeGateway(workspace, { check: true });
    await using _ = gateway.process;
    listenMs.push(gateway.startMs);
    const before = performance.now();
    await using client = await gateway.codeClient();
    await execute(client, 'value');
    firstValueMs.push(performance.now() - before);
  }
  return { listenMs, firstValueMs };
}

async function openClients(
  workspace: Workspace,
  many: number,
  stack: AsyncDisposableStack,
): Promise<Clients> {
  const start = async (check: boolean): Promise<CodeGateway> => {
    const gateway = await startCodeGateway(workspace, { check });
    stack.use(gateway.process);
    return gateway;
  };
  const open = async (opening: Promise<GatewayClient>): Promise<GatewayClient> => stack.use(await opening);
  const [loose, strict] = [await start(false), await start(true)];
  return {
    unchecked: await open(loose.codeClient()),
    checked: await open(strict.codeClient()),
    plain: await open(loose.plainClient()),
    many: await Promise.all(Array.from({ length: many }, async () => await open(loose.codeClient()))),
  };
}

async function measureRound(
  { unchecked, checked, plain, many }: Clients,
  round: number,
  { freshRuns, checkedRuns, parallelMs, repeats, savings }: CodemodeSettings,
): Promise<GatewayRound> {
  const fresh = await timedOften(freshRuns, async () => await execute(unchecked, 'value'));
  // A verdict is kept for a text: each script has one of its own.
  const typed = await timedOften(
    checkedRuns,
    async (at) => await execute(checked, 'value', `${round}.${at}`),
  );
  const calls = await timedOften(CALLS, async (at) => await echo(plain, `plain ${round}.${at}`));
  const inside = await callsInside(unchecked);
  const median = async (script: ScriptName): Promise<number> =>
    quantile(await timedOften(repeats, async () => await execute(unchecked, script)), 0.5);
  return {
    uncheckedP50Ms: quantile(fresh, 0.5),
    uncheckedP99Ms: quantile(fresh, 0.99),
    checkedP50Ms: quantile(typed, 0.5),
    checkedP99Ms: quantile(typed, 0.99),
    runsPerSecond: await runsPerSecond(many, parallelMs),
    plainP50Ms: quantile(calls, 0.5),
    plainP99Ms: quantile(calls, 0.99),
    insideP50Ms: quantile(inside, 0.5),
    insideP99Ms: quantile(inside, 0.99),
    waitsMs: await median('waits'),
    bigResultMs: await median('bigResult'),
    bigValueMs: await median('bigValue'),
    savings: await measureSavings(unchecked, plain, savings, repeats),
  };
}

async function measureSavings(
  scripts: GatewayClient,
  plain: GatewayClient,
  numbers: readonly number[],
  repeats: number,
): Promise<readonly SavingFigures[]> {
  const figures: SavingFigures[] = [];
  for (const calls of numbers) {
    const one = async (): Promise<void> => {
      for (let call = 0; call < calls; call += 1) {
        await echo(plain, `call ${call}`);
      }
    };
    const plainMs = quantile(await timedOften(repeats, one), 0.5);
    const body = callsBody(calls);
    const script = async (): Promise<void> => {
      expect(await scripts.execute(body), (value) => value === calls);
    };
    const scriptMs = quantile(await timedOften(repeats, script), 0.5);
    figures.push({ calls, plainMs, scriptMs });
  }
  return figures;
}

/** Milliseconds of each call, by the clock of the script, ascending. */
async function callsInside(client: GatewayClient): Promise<readonly number[]> {
  const took = await client.execute(timedCallsBody(CALLS));
  if (!Array.isArray(took) || took.length !== CALLS || !took.every((ms) => typeof ms === 'number')) {
    throw new TypeError('The script did not give the times of its calls');
  }
  return took.toSorted((a, b) => a - b);
}

async function runsPerSecond(clients: readonly GatewayClient[], ms: number): Promise<number> {
  let runs = 0;
  const until = performance.now() + ms;
  const took = await timed(
    async () =>
      await Promise.all(
        clients.map(async (client) => {
          while (performance.now() < until) {
            await execute(client, 'value');
            runs += 1;
          }
        }),
      ),
  );
  return (runs / took) * 1000;
}

async function execute(client: GatewayClient, name: ScriptName, mark?: string): Promise<void> {
  const { body, isRight } = SCRIPTS[name];
  expect(await client.execute(mark === undefined ? body : `${body} // ${mark}`), isRight);
}

async function echo(client: GatewayClient, message: string): Promise<void> {
  expect(await client.call('echo', { message }), (text) => text === `Echo: ${message}`);
}

function expect(value: unknown, isRight: (value: unknown) => boolean): void {
  if (!isRight(value)) {
    throw new Error(`Got ${(JSON.stringify(value) ?? 'nothing').slice(0, 100)}`);
  }
}
