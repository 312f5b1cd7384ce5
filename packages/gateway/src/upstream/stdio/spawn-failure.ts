import { statSync } from 'node:fs';
import { UpstreamError } from '../upstream-error.ts';

/** Why a process did not start, without its command, arguments or environment, which may hold secrets and are not the caller's business. */
export function spawnFailure(server: string, cause: unknown, cwd: string): UpstreamError {
  return new UpstreamError('UPSTREAM_UNAVAILABLE', `Cannot start server "${server}": ${reason(cause, cwd)}`, {
    cause,
  });
}

function reason(cause: unknown, cwd: string): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  switch (code) {
    case 'ENOENT':
      return isFolder(cwd) ? 'its program was not found' : 'its working folder does not exist';
    case 'ENOTDIR':
      return 'its working folder is no folder';
    case 'EACCES':
      return 'its program is not executable';
    default:
      return `the system refused (${code})`;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
