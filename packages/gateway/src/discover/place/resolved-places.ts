import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import type { Places } from '../discovery.ts';
import type { Disk } from './disk.ts';

const MAX_PROJECT_FOLDERS = 32;

/** {@link Places} with what follows from them. */
export interface ResolvedPlaces extends Places {
  /** The working folder and those above it up to the root of its git repository, nearest first; without a repository the working folder alone. */
  readonly projectFolders: readonly string[];
  /** The outermost of them: what editors call the workspace. */
  readonly workspace: string;
  /** The working folder and every folder above it, nearest first. */
  readonly ancestors: readonly string[];
  /** `~/.config`, or what `XDG_CONFIG_HOME` says. */
  readonly configHome: string;
  /** Where graphical programs keep settings: `~/Library/Application Support`, `%APPDATA%` or `~/.config`. */
  readonly applicationData: string;
  /** Whether what the project folders configure may be used. */
  readonly projectIsTrusted: boolean;
}

export async function resolvePlaces(places: Places, disk: Disk): Promise<ResolvedPlaces> {
  const ancestors = foldersUpFrom(places.cwd);
  const projectFolders = await findProject(ancestors, places.home, disk);
  const configHome = ifAbsolute(places.env['XDG_CONFIG_HOME']) ?? join(places.home, '.config');
  return {
    ...places,
    ancestors,
    projectFolders,
    workspace: projectFolders.at(-1) ?? places.cwd,
    configHome,
    applicationData: applicationData(places, configHome),
    // Nobody but the user writes into the home folder itself.
    projectIsTrusted: places.trustProject === true || places.cwd === places.home,
  };
}

/** Looks for the repository, but never as far up as the home folder: what stands there belongs to the user, not to a project. */
async function findProject(
  ancestors: readonly string[],
  home: string,
  disk: Disk,
): Promise<readonly string[]> {
  const nearest = ancestors.slice(0, 1);
  const walked: string[] = [];
  for (const folder of ancestors.slice(0, MAX_PROJECT_FOLDERS)) {
    if (folder === home) return nearest;
    walked.push(folder);
    if (await disk.exists(join(folder, '.git'))) return walked;
  }
  return nearest;
}

function foldersUpFrom(folder: string): readonly string[] {
  const folders = [folder];
  for (let at = folder; dirname(at) !== at; at = dirname(at)) folders.push(dirname(at));
  return folders;
}

function applicationData({ home, env, platform }: Places, configHome: string): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform === 'win32') return env['APPDATA'] || join(home, 'AppData', 'Roaming');
  return configHome;
}

/** A path of the environment counts only when it is absolute, as the XDG specification has it. */
export function ifAbsolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

/** A path as people write it: `~/.claude.json`, or relative to the working folder when it lies there. */
export function shortPlace(file: string, { home, cwd }: Pick<Places, 'home' | 'cwd'>): string {
  for (const [folder, prefix] of [
    [cwd, '.'],
    [home, '~'],
  ] as const) {
    const below = relative(folder, file);
    if (below !== '' && !below.startsWith('..') && !isAbsolute(below) && basename(folder) !== '')
      return join(prefix, below);
  }
  return file;
}
