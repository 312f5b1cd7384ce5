import type { Layer } from '../../engine.ts';
import { detectLayers } from '../../layers/detect-layers.ts';
import { commandOf } from '../../layers/layering.ts';
import { RunnerPool } from '../../pool/runner-pool.ts';
import { RunnerProcess } from '../../process/runner-process.ts';
import { DEFAULT_LIMITS } from '../../limits.ts';
import { SandboxError } from '../../sandbox-error.ts';
import type { CheckedOptions } from './options.ts';
import { runOwnScript } from './own-script.ts';
import { javaScriptPrograms, type JavaScriptPrograms } from './programs.ts';
import { selfTest } from './self-test.ts';

/** An engine that has proven itself. */
export interface Prepared {
  readonly pool: RunnerPool<RunnerProcess>;
  readonly layers: readonly Layer[];
}

/** Strongest first. */
const ORDER: readonly Layer['name'][] = [
  'namespaces',
  'seccomp',
  'isolate',
  'jitless',
  'memory-limit',
  'process',
];
const REQUIRED: readonly Layer['name'][] = ['namespaces', 'seccomp'];

/**
 * Finds the layers of this machine, proves them and opens the pool.
 *
 * @param signal Gives up.
 * @throws {SandboxError} `NOT_CONTAINED` when a layer is missing that is required, or does not keep its promise; `RUNNER_FAILED` when no runner starts.
 */
export async function prepare(options: CheckedOptions, signal: AbortSignal): Promise<Prepared> {
  const { containment, memoryBytes, readyTimeoutMs, maxFrameBytes, clock } = options;
  const programs = await installedPrograms();
  const { layering, layers } = await detectLayers({
    containment,
    memoryBytes,
    threadsOnly: true,
    probe: programs.libraries,
    searchPath: options.searchPath,
  });
  if (containment === 'required') {
    refuseMissing(layers);
  }
  signal.throwIfAborted();
  const start = async (signal: AbortSignal): Promise<RunnerProcess> =>
    await RunnerProcess.start(commandOf(programs.runner, layering), {
      readyTimeoutMs,
      maxFrameBytes,
      clock,
      signal,
    });
  const proven = await selfTest({
    programs,
    layering,
    layers,
    memoryBytes,
    start: async () => await start(signal),
  });
  signal.throwIfAborted();
  return {
    pool: new RunnerPool({
      start: async (signal) => await warmedUp(await start(signal)),
      settings: options.pool,
      clock,
    }),
    layers: [...proven].sort((one, other) => ORDER.indexOf(one.name) - ORDER.indexOf(other.name)),
  };
}

/** Has a runner load all that it loads at its first run, so that nobody waits for that. */
async function warmedUp(runner: RunnerProcess): Promise<RunnerProcess> {
  const { status } = await runOwnScript(runner, 'const ready: boolean = true; return ready', DEFAULT_LIMITS);
  if (status !== 'ok') {
    await runner.kill('it runs nothing');
    throw new SandboxError(
      'RUNNER_FAILED',
      `A runner could not be started: its first script ended as "${status}"`,
    );
  }
  return runner;
}

async function installedPrograms(): Promise<JavaScriptPrograms> {
  try {
    return await javaScriptPrograms();
  } catch (cause) {
    throw new SandboxError('RUNNER_FAILED', 'What runs scripts is not installed completely', { cause });
  }
}

function refuseMissing(layers: readonly Layer[]): void {
  const missing = layers.filter(({ name, active }) => REQUIRED.includes(name) && !active);
  if (missing.length > 0) {
    const told = missing.map(({ name, note }) => `${name} (${note})`).join(', ');
    throw new SandboxError('NOT_CONTAINED', `Scripts cannot be contained as required, missing: ${told}`);
  }
}
