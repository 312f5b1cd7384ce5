import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A folder with a `bwrap` that is a shell script. */
export async function pretendBwrap(script: string) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'smcp-bwrap-'));
  await chmod(folder, 0o755);
  const file = path.join(folder, 'bwrap');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true });
    },
  };
}

/** Refuses, as where user namespaces are switched off. */
export const REFUSES = 'echo "bwrap: No permissions to create new namespace" >&2; exit 1';

/** Starts the program without containing it, translating the paths that it is given. */
export const LIES = `
program= runner= probe=
while [ "$1" != /program ]; do
  if [ "$1" = --ro-bind ]; then
    case "$3" in /program) program=$2;; /app/runner) runner=$2;; /app/probe) probe=$2;; esac
    shift 2
  fi
  shift
done
shift
exec 4<&-
flag=$1; entry=$2; shift 2
case "$entry" in
  /app/runner/*) entry=$runner/\${entry#/app/runner/};;
  /app/probe/*) entry=$probe/\${entry#/app/probe/};;
esac
exec "$program" "$flag" "$entry" "$@"`;
