import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Beginning of the name of a checker's folder; the number of its process follows, a hyphen, and something random. */
export const FOLDER_PREFIX = 'smcp-check-';

const NAME = /^smcp-check-(\d{1,10})-\w+$/u;
/** Not younger, for a process that cannot be seen from here may be alive elsewhere. */
const MIN_AGE_MS = 10 * 60_000;

/**
 * Removes the folders of checkers whose process was killed before it could. What belongs to somebody else stays, as does what cannot be removed.
 *
 * @param isAlive Whether there is a process of this number.
 */
export async function removeStaleFolders(
  parent: string,
  nowMs: number = Date.now(),
  isAlive: (pid: number) => boolean = isProcess,
): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const path = join(parent, name);
    const about = await lstat(path).catch(() => undefined);
    if (
      about?.isDirectory() !== true ||
      about.uid !== process.getuid?.() ||
      nowMs - about.mtimeMs < MIN_AGE_MS
    )
      continue;
    // Nobody needs it; the next checker tries again.
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one too.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
