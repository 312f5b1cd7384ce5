import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PEERS_FOLDER, peerVersions } from '../../codemode/contenders/contenders.ts';
import { installPeers } from '../../codemode/peers.ts';

interface Stage extends AsyncDisposable {
  readonly options: { readonly folder: string; readonly npm: string };
  readonly told: string[];
  readonly progress: (text: string) => void;
  changeLock(): Promise<void>;
}

/** A folder with a lock, and a program in place of npm. */
async function openStage(npmSource: string): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-peers-'));
  const npm = join(folder, 'npm.sh');
  const told: string[] = [];
  await writeFile(join(folder, 'package-lock.json'), '{}');
  await writeFile(npm, `#!/bin/sh\n${npmSource}\n`);
  await chmod(npm, 0o755);
  return {
    options: { folder, npm },
    told,
    progress: (text) => {
      told.push(text);
    },
    changeLock: async () => {
      await writeFile(join(folder, 'package-lock.json'), '{ }');
    },
    [Symbol.asyncDispose]: async () => {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe.skipIf(process.platform === 'win32')('installPeers()', () => {
  it('installs once for a lock, without scripts, and says so', async () => {
    await using stage = await openStage('echo "$@" >> "$(dirname "$0")/asked"');
    const { options, progress, told } = stage;
    expect(await installPeers(progress, options)).toBeUndefined();
    expect(await installPeers(progress, options)).toBeUndefined();
    expect(told).toHaveLength(1);
    await stage.changeLock();
    expect(await installPeers(progress, options)).toBeUndefined();
    const asked = readFileSync(join(options.folder, 'asked'), 'utf8').trim().split('\n');
    expect(asked).toEqual(Array(2).fill(`ci --prefix ${options.folder} --ignore-scripts`));
  });

  it('gives the first error of an install that failed, and tries again the next time', async () => {
    await using stage = await openStage(
      'echo "npm warn old" >&2; echo "npm error code ENOTFOUND" >&2; exit 1',
    );
    for (const attempt of [1, 2]) {
      expect(await installPeers(stage.progress, stage.options)).toBe(
        'npm ci failed: npm error code ENOTFOUND',
      );
      expect(stage.told).toHaveLength(attempt);
    }
  });

  it('says so when there is no npm', async () => {
    await using stage = await openStage('');
    const npm = join(stage.options.folder, 'missing');
    expect(await installPeers(stage.progress, { ...stage.options, npm })).toMatch(/^npm ci failed: .*ENOENT/);
  });
});

describe('the lock of the peers', () => {
  const lock = JSON.parse(readFileSync(join(PEERS_FOLDER, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string; readonly resolved?: string }>>;
  };

  it('names exact versions, which are those of the manifest', () => {
    for (const [name, version] of Object.entries(peerVersions())) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(lock.packages[`node_modules/${name}`]?.version).toBe(version);
    }
  });

  it('names no host', () => {
    expect(Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });
});
