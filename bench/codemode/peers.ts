import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { PEERS_FOLDER } from './contenders/contenders.ts';

const INSTALL_MS = 180_000;

export interface InstallOptions {
  /** Folder with the manifest, the lock and the modules of the peers. */
  readonly folder?: string | undefined;
  /** Program that installs. */
  readonly npm?: string | undefined;
}

/**
 * Installs the peers into a folder of their own unless that has been done before; they are no dependencies of ours.
 *
 * @returns Why it was not possible, or undefined.
 */
export async function installPeers(
  progress: (text: string) => void,
  { folder = PEERS_FOLDER, npm = 'npm' }: InstallOptions = {},
): Promise<string | undefined> {
  const lock = await readFile(join(folder, 'package-lock.json'));
  const digest = createHash('sha256').update(lock).digest('hex');
  const stamp = join(folder, 'node_modules', '.installed');
  if ((await ifText(stamp)) === digest) {
    return undefined;
  }
  progress('installing the peers, about 200 MB, into bench/codemode/peers');
  try {
    await promisify(execFile)(npm, ['ci', '--prefix', folder, '--ignore-scripts'], {
      cwd: folder,
      timeout: INSTALL_MS,
    });
  } catch (error) {
    const { stderr = '', message } = error as Error & { readonly stderr?: string };
    const lines = (stderr.trim() === '' ? message : stderr).trim().split('\n');
    return `npm ci failed: ${lines.find((line) => line.startsWith('npm error')) ?? lines[0]}`;
  }
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  await writeFile(stamp, digest);
  return undefined;
}

/** Bundles the worker that a peer runs in, as it would be for its deployment. */
export async function bundleWorker(folder: string): Promise<void> {
  await using build = await rolldown({
    input: join(PEERS_FOLDER, 'cloudflare-worker.mjs'),
    external: [/^cloudflare:/],
    platform: 'neutral',
    resolve: { mainFields: ['module', 'main'] },
    logLevel: 'warn',
  });
  await build.write({ file: join(folder, 'cloudflare-worker.js'), format: 'esm' });
}

async function ifText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
