import { join } from 'node:path';

/** A path whose leading `~` is written out, as a shell would. */
export function withHome(path: string, home: string): string {
  if (path === '~') return home;
  return /^~[/\\]/.test(path) ? join(home, path.slice(2)) : path;
}
