import { existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Mount } from './program.ts';

/**
 * The installed packages that a program needs: those named and what they depend on, each to be mounted at `node_modules` of one folder.
 *
 * @param names Packages that the program imports.
 * @param from Folder that the program is in.
 * @param to Folder that it is in when contained.
 * @throws {Error} When one is not installed, or two versions of one are needed, which one folder cannot hold.
 */
export async function packageMounts(names: readonly string[], from: string, to: string): Promise<Mount[]> {
  const found = new Map<string, string>();
  const open = names.map((name) => ({ name, from: realpathSync(from) }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const folder = packageFolder(next.name, next.from);
    const known = found.get(next.name);
    if (known === folder || isInside(folder, [...found.values()])) {
      continue;
    }
    if (known !== undefined) {
      throw new Error(`Cannot mount package "${next.name}" twice: "${known}" and "${folder}"`);
    }
    found.set(next.name, folder);
    for (const name of await dependenciesOf(folder)) {
      open.push({ name, from: folder });
    }
  }
  return [...found].map(([name, folder]) => ({
    from: folder,
    to: path.posix.join(to, 'node_modules', name),
  }));
}

/** Where Node finds a package, looking up from a folder. */
function packageFolder(name: string, from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(candidate, 'package.json'))) {
      return realpathSync(candidate);
    }
    if (folder === path.dirname(folder)) {
      throw new Error(`Package "${name}" is not installed where "${from}" could find it`);
    }
  }
}

/** A package inside of one that is mounted comes with it. */
function isInside(folder: string, others: readonly string[]): boolean {
  return others.some((other) => folder.startsWith(other + path.sep));
}

async function dependenciesOf(folder: string): Promise<string[]> {
  const manifest: unknown = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('dependencies' in manifest)) {
    return [];
  }
  const { dependencies } = manifest;
  return typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies) : [];
}
