import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Workspace } from '../lifetime/workspace.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { toText } from '../report/table.ts';
import { startGatewayProcess } from '../targets/gateway-target.ts';
import { startHttpEcho } from '../targets/start-targets.ts';
import { functionName, nearestOwnName, selfTimes, type CpuProfile, type SelfTime } from './self-time.ts';

const USAGE = 'Usage: node bench/profile/profile-gateway.ts [--seconds N] [--clients N] [--top N]';
const FOLDER = join(import.meta.dirname, '..', '..', 'out', 'profile');
const WARM_UP_MS = 8000;

/** Puts the gateway under load in front of the HTTP upstream and shows where its CPU time goes. The profile stays in `out/profile`. */
async function profileGateway(seconds: number, clients: number, top: number): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
  await using workspace = new Workspace();
  await using stack = new AsyncDisposableStack();
  const url = await startHttpEcho(workspace, stack);
  const nodeArgs = ['--cpu-prof', `--cpu-prof-dir=${FOLDER}`, '--cpu-prof-interval=500'];
  const gateway = await startGatewayProcess(workspace, { url }, nodeArgs);
  const generator = stack.use(await LoadGenerator.start(workspace));
  const { endpoint } = gateway;
  await generator.perform({ kind: 'open', name: 'profile', endpoint, clients });
  await generator.run('profile', WARM_UP_MS);
  const figures = await generator.run('profile', seconds * 1000);
  const ended = performance.now();
  await gateway.process[Symbol.asyncDispose]();
  const stopMicros = (performance.now() - ended) * 1000;

  const profile = await readProfile();
  const toMicros = profile.endTime - stopMicros;
  const window = { fromMicros: toMicros - seconds * 1_000_000, toMicros };
  process.stdout.write(
    `${Math.round(figures.callsPerSecond)} calls/s while profiled, errors: ${JSON.stringify(figures.errors)}\n\n`,
  );
  for (const [title, nameOf] of [
    ['Functions by self time', functionName],
    ['Functions of ours with what they make others do', nearestOwnName],
  ] as const) {
    const times = selfTimes(profile, window, nameOf);
    process.stdout.write(`${toText(table(title, times, top, figures.calls))}\n\n`);
  }
}

async function readProfile(): Promise<CpuProfile> {
  const name = (await readdir(FOLDER)).find((file) => file.endsWith('.cpuprofile'));
  if (name === undefined) {
    throw new Error('The gateway ended without writing its profile');
  }
  return JSON.parse(await readFile(join(FOLDER, name), 'utf8')) as CpuProfile;
}

function table(
  title: string,
  times: readonly SelfTime[],
  top: number,
  calls: number,
): Parameters<typeof toText>[0] {
  const total = times.reduce((sum, { micros }) => sum + micros, 0);
  const rows = times
    .slice(0, top)
    .map(({ name, micros }) => [
      name,
      (micros / calls).toFixed(1),
      `${((micros / total) * 100).toFixed(1)} %`,
    ]);
  return { title, columns: ['where', 'µs per call', 'share'], words: 1, rows };
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    clients: { type: 'string', default: '16' },
    top: { type: 'string', default: '30' },
  },
});
const [seconds, clients, top] = [Number(values.seconds), Number(values.clients), Number(values.top)];
if (![seconds, clients, top].every((value) => Number.isSafeInteger(value) && value > 0)) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}
await profileGateway(seconds, clients, top);
