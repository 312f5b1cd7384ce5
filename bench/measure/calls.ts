import { setTimeout as sleep } from 'node:timers/promises';
import {
  UPSTREAMS,
  type CallFigures,
  type MemoryFigures,
  type RoundFigures,
  type UpstreamName,
} from '../figures.ts';
import { ifCpuMicros, ifResidentBytes } from '../lifetime/process-usage.ts';
import type { Workspace } from '../lifetime/workspace.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import type { Settings } from '../options.ts';
import { startTargets } from '../targets/start-targets.ts';
import type { Target } from '../targets/target.ts';

interface Case {
  readonly name: string;
  readonly target: Target;
  readonly clients: number;
  readonly rounds: RoundFigures[];
}

/** Time for processes to come to rest, so that what is read is what they keep. */
const REST_MS = 65_000;

/**
 * Measures all ways to one upstream in interleaved rounds: a disturbance of the machine meets neighbours in time, which are then compared with each
 * other. Also gives the memory of each process in the middle right after the last round and, for the last upstream, when it has come to rest.
 */
export async function measureCalls(
  workspace: Workspace,
  upstream: UpstreamName,
  settings: Settings,
  progress: (text: string) => void,
): Promise<{ readonly calls: readonly CallFigures[]; readonly memory: readonly MemoryFigures[] }> {
  await using stack = new AsyncDisposableStack();
  const generator = stack.use(await LoadGenerator.start(workspace));
  const targets = await startTargets(workspace, upstream, stack);
  const cases = settings.clients.flatMap((clients) =>
    targets.map((target): Case => ({
      name: `${target.way}, ${clients} at once`,
      target,
      clients,
      rounds: [],
    })),
  );
  for (const { name, target, clients } of cases) {
    progress(`${upstream}: warming up ${name}`);
    await generator.perform({ kind: 'open', name, endpoint: target.endpoint, clients });
    await generator.run(name, settings.warmUpMs);
  }
  for (let round = 1; round <= settings.rounds; round += 1) {
    for (const { name, target, rounds } of cases) {
      progress(`${upstream}: round ${round} of ${settings.rounds}: ${name}`);
      rounds.push(await measureRound(generator, name, target, settings));
    }
  }
  const busy = targets.flatMap((target) => memoryOf(target, `right after the calls to ${upstream}`));
  if (upstream !== UPSTREAMS.at(-1)) {
    return { calls: toFigures(upstream, cases), memory: busy };
  }
  progress(`${upstream}: ${REST_MS / 1000} s of rest`);
  await sleep(REST_MS);
  const resting = targets.flatMap((target) =>
    memoryOf(target, `${REST_MS / 1000} s after the calls to ${upstream}`),
  );
  return { calls: toFigures(upstream, cases), memory: [...busy, ...resting] };
}

function toFigures(upstream: UpstreamName, cases: readonly Case[]): readonly CallFigures[] {
  return cases.map(({ target, clients, rounds }) => ({ upstream, way: target.way, clients, rounds }));
}

async function measureRound(
  generator: LoadGenerator,
  name: string,
  target: Target,
  { rampMs, roundMs }: Settings,
): Promise<RoundFigures> {
  const cpuMicros = (): number | undefined => target.process && ifCpuMicros(target.process.pid);
  await generator.run(name, rampMs);
  const before = cpuMicros();
  const figures = await generator.run(name, roundMs);
  const after = cpuMicros();
  const used = before === undefined || after === undefined ? undefined : after - before;
  return {
    ...figures,
    cpuMicrosPerCall: used === undefined || figures.calls === 0 ? undefined : used / figures.calls,
  };
}

function memoryOf({ way, process: middle }: Target, when: string): MemoryFigures[] {
  const residentBytes = middle && ifResidentBytes(middle.pid);
  return residentBytes === undefined ? [] : [{ what: `${way} ${when}`, residentBytes }];
}
