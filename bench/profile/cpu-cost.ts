import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Workspace } from '../lifetime/workspace.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { stdioProgram } from '../targets/gateway-config.ts';
import { startGatewayProcess } from '../targets/gateway-target.ts';
import { startHttpEcho } from '../targets/start-targets.ts';

const USAGE =
  'Usage: node bench/profile/cpu-cost.ts [--upstream http|stdio] [--clients N] [--rounds N] [--seconds N] [--node-arg=ARG …]';
const TICK_MICROS = 10_000;
/** Long enough for an idle gateway to give memory back. */
const IDLE_MS = 65_000;

/** Processor time of a process so far, in microseconds, without that of its children. */
function cpuMicros(pid: number): { readonly user: number; readonly system: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return { user: Number(fields[11]) * TICK_MICROS, system: Number(fields[12]) * TICK_MICROS };
}

function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Prints what one call costs the gateway in processor time, which other work on the machine changes far less than it changes throughput. */
async function measure(
  upstream: string,
  clients: number,
  rounds: number,
  seconds: number,
  nodeArgs: string[],
): Promise<void> {
  await using workspace = new Workspace();
  await using stack = new AsyncDisposableStack();
  const url = await startHttpEcho(workspace, stack);
  const server =
    upstream === 'http' ? { url } : { command: process.execPath, args: stdioProgram('stdio echo') };
  const gateway = await startGatewayProcess(workspace, server, nodeArgs);
  const pid = gateway.process.child.pid ?? 0;
  const generator = stack.use(await LoadGenerator.start(workspace));
  await generator.perform({ kind: 'open', name: 'gateway', endpoint: gateway.endpoint, clients });
  for (let round = 1; round <= rounds; round += 1) {
    const before = cpuMicros(pid);
    const figures = await generator.run('gateway', seconds * 1000);
    const after = cpuMicros(pid);
    const user = Math.round((after.user - before.user) / figures.calls);
    const system = Math.round((after.system - before.system) / figures.calls);
    process.stdout.write(
      `round ${round}: ${user} + ${system} µs (user + system) a call, ${Math.round(figures.callsPerSecond)} calls/s, ` +
        `p50 ${figures.p50Ms.toFixed(2)} ms, ${Math.round(residentMiB(pid))} MiB resident, errors ${JSON.stringify(figures.errors)}\n`,
    );
  }
  await sleep(IDLE_MS);
  process.stdout.write(`${Math.round(residentMiB(pid))} MiB resident ${IDLE_MS / 1000} s later\n`);
  await gateway.process[Symbol.asyncDispose]();
}

try {
  const { values } = parseArgs({
    options: {
      upstream: { type: 'string', default: 'http' },
      clients: { type: 'string', default: '16' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '3' },
      'node-arg': { type: 'string', multiple: true, default: [] },
    },
  });
  await measure(
    values.upstream,
    Number(values.clients),
    Number(values.rounds),
    Number(values.seconds),
    values['node-arg'],
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exitCode = 2;
}
