import path from 'node:path';
import { FILTER_FD, type Program } from './program.ts';

export interface Bubblewrap {
  /** Absolute path of `bwrap`. */
  readonly file: string;
  /** Absolute paths of the shared libraries that the executable needs, as the loader names them. */
  readonly libraries: readonly string[];
  /** Whether a seccomp filter is handed over on descriptor 4. */
  readonly seccomp: boolean;
}

/** Where the executable is, seen from inside. */
const EXECUTABLE = '/program';

/**
 * The command line of a program that has the files it needs, read-only, and nothing else: no other file, no /proc, no /sys, no /dev, no network, no other
 * process, no environment but `PWD`, no capability, no terminal. It dies with this process.
 */
export function wrapInBubblewrap(program: Program, bubblewrap: Bubblewrap): string[] {
  return [
    bubblewrap.file,
    '--unshare-all',
    '--die-with-parent',
    '--new-session',
    '--clearenv',
    '--cap-drop',
    'ALL',
    '--hostname',
    'sandbox',
    ...bubblewrap.libraries.flatMap((file) => ['--ro-bind', file, file]),
    '--ro-bind',
    program.executable,
    EXECUTABLE,
    ...program.mounts.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    // NOTE: without this the root is a file system in memory that can be written to.
    '--remount-ro',
    '/',
    '--chdir',
    '/',
    ...(bubblewrap.seccomp ? ['--seccomp', String(FILTER_FD)] : []),
    EXECUTABLE,
    ...program.flags,
    insidePath(program, program.entry),
    ...program.args,
  ];
}

/** Where a contained program finds a file of this machine. */
function insidePath({ mounts }: Program, file: string): string {
  for (const { from, to } of mounts) {
    const rest = path.relative(from, file);
    if (rest === '') {
      return to;
    }
    if (!rest.startsWith('..') && !path.isAbsolute(rest)) {
      return path.posix.join(to, rest.split(path.sep).join('/'));
    }
  }
  throw new TypeError(`Cannot contain "${file}": no mount holds it`);
}
