import type { CallFigures, MemoryFigures, RoundFigures, UpstreamName } from '../figures.ts';
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

/**
 * Measures all ways to one upstream in interleaved rounds: a disturbance of the machine meets neighbours in time, which are then compared with each
 * other. Also gives the memory of each process in the middle after the last round.
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
  return {
    calls: cases.map(({ target, clients, rounds }) => ({ upstream, way: target.way, clients, rounds })),
    memory: targets.flatMap((target) => memoryOf(upstream, target)),
  };
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

function memoryOf(upstream: UpstreamName, { way, process: middle }: Target): MemoryFigures[] {
  const residentBytes = middle && ifResidentBytes(middle.pid);
  return residentBytes === undefined
    ? []
    : [{ what: `${way} after the calls to ${upstream}`, residentBytes }];
}
