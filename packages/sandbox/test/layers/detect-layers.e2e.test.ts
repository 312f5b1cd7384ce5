import { describe, expect, it } from 'vitest';
import { javaScriptPrograms } from '../../src/engines/javascript/programs.ts';
import { detectLayers, type DetectedLayers, type DetectOptions } from '../../src/layers/detect-layers.ts';
import { commandOf } from '../../src/layers/layering.ts';
import { runOnce } from '../../src/process/run-once.ts';
import { MEMORY_BYTES } from '../helpers/prepare-runner.ts';
import { pretendBwrap, REFUSES } from '../helpers/pretend-bwrap.ts';
import { machineHasBwrap } from '../helpers/machine.ts';

async function detect(some: Partial<DetectOptions> = {}): Promise<DetectedLayers> {
  const programs = await javaScriptPrograms();
  return await detectLayers({
    containment: 'auto',
    memoryBytes: MEMORY_BYTES,
    threadsOnly: true,
    probe: programs.libraries,
    searchPath: '/usr/bin:/bin',
    ...some,
  });
}

function layer({ layers }: DetectedLayers, name: string) {
  return layers.find((entry) => entry.name === name);
}

describe('detectLayers()', () => {
  it.runIf(machineHasBwrap)('uses bubblewrap and a filter where both work', async () => {
    const found = await detect();
    expect(layer(found, 'namespaces')).toMatchObject({ active: true });
    expect(layer(found, 'seccomp')).toMatchObject({ active: true });
    expect(found.layering.bubblewrap?.libraries.length).toBeGreaterThan(0);
  });

  it('says how to install what is missing', async () => {
    const found = await detect({ searchPath: '/smcp-not-there' });
    expect(layer(found, 'namespaces')).toMatchObject({
      active: false,
      note: expect.stringMatching(/install bubblewrap/u),
    });
    expect(layer(found, 'seccomp')).toMatchObject({ active: false });
    expect(found.layering.bubblewrap).toBeUndefined();
  });

  it('does without a bubblewrap that does not work, and says what it said', async () => {
    await using refusing = await pretendBwrap(REFUSES);
    const found = await detect({ searchPath: refusing.folder });
    const namespaces = layer(found, 'namespaces');
    expect(namespaces).toMatchObject({
      active: false,
      note: expect.stringMatching(/No permissions to create new namespace/u),
    });
    expect(found.layering.bubblewrap).toBeUndefined();
  });

  it('does not look for bubblewrap when told to use none', async () => {
    const found = await detect({ containment: 'none' });
    expect(layer(found, 'namespaces')).toMatchObject({ active: false, note: 'switched off by the setting' });
  });

  it('gives layers behind which a program of ours has to be able to start', async () => {
    const programs = await javaScriptPrograms();
    const missing = { ...programs.libraries, entry: `${programs.libraries.entry}-not-there` };
    const found = await detect({ probe: missing });
    expect(layer(found, 'namespaces')).toMatchObject({
      active: false,
      note: expect.stringMatching(/does not start/u),
    });
  });

  it('bounds the memory of a program on Linux', async () => {
    const { layering } = await detect({ containment: 'none' });
    const programs = await javaScriptPrograms();
    const at = async (bytes: number): Promise<unknown> => {
      const { reply } = await runOnce(
        commandOf(programs.attempts(['1', '/', '/', String(bytes)]), layering),
        20_000,
      );
      return JSON.parse(reply).memory;
    };
    expect(await at(50e6)).toBe('done');
    expect(await at(MEMORY_BYTES)).not.toBe('done');
  });

  it.runIf(process.getuid?.() === 0)('does not run scripts as root', async () => {
    const { layering } = await detect({ containment: 'none' });
    expect(layering.identity?.uid).toBe(65_534);
  });
});
