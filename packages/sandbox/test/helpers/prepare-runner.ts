import { javaScriptPrograms } from '../../src/engines/javascript/programs.ts';
import type { ContainmentSetting } from '../../src/layers/containment-setting.ts';
import { detectLayers } from '../../src/layers/detect-layers.ts';
import { commandOf } from '../../src/layers/layering.ts';
import { RunnerProcess } from '../../src/process/runner-process.ts';

export const MEMORY_BYTES = 256 * 1024 * 1024;

/** Starts a real runner behind the layers of this machine. */
export async function prepareRunner(containment: ContainmentSetting): Promise<RunnerProcess> {
  const programs = await javaScriptPrograms();
  const { layering } = await detectLayers({
    containment,
    memoryBytes: MEMORY_BYTES,
    threadsOnly: true,
    probe: programs.libraries,
    searchPath: '/usr/bin:/bin',
  });
  return await RunnerProcess.start(commandOf(programs.runner, layering));
}
