import { existsSync } from 'node:fs';
import path from 'node:path';
import { packageMounts } from '../../layers/package-closure.ts';
import type { Mount, Program } from '../../layers/program.ts';

/** Folder that our files are in when contained, so that nothing tells a script where they are on this machine. */
const INSIDE = '/app';
const RUNNER_PACKAGES = ['isolated-vm', 'sucrase', 'acorn'];
/** Those with native code: when they load, the rest does. */
const PROBE_PACKAGES = ['isolated-vm'];

/** The programs of this engine that run behind its layers. */
export interface JavaScriptPrograms {
  /** Runs scripts. */
  readonly runner: Program;
  /** Loads what a runner loads, and tells the shared libraries. */
  readonly libraries: Program;
  /** Tries what must not be possible, and tells what happened; see `ProbeReport`. */
  attempts(args: readonly string[]): Program;
}

/** @throws {Error} When a package that a runner needs is not installed. */
export async function javaScriptPrograms(): Promise<JavaScriptPrograms> {
  const here = import.meta.dirname;
  const packages = await packageMounts(RUNNER_PACKAGES, here, INSIDE);
  const manifest = { from: nearestManifest(here), to: `${INSIDE}/package.json` };
  const program = (
    folder: string,
    file: string,
    args: readonly string[],
    mounts: readonly Mount[],
  ): Program => ({
    executable: process.execPath,
    flags: nodeFlags(),
    entry: path.join(here, folder, file),
    args,
    mounts: [{ from: path.join(here, folder), to: `${INSIDE}/${folder}` }, manifest, ...mounts],
  });
  return {
    runner: program('runner', 'main.js', [], packages),
    libraries: program('probe', 'libraries.js', PROBE_PACKAGES, packages),
    attempts: (args) => program('probe', 'attempts.js', args, []),
  };
}

function nodeFlags(): string[] {
  // An isolate inside a Node that was started from a snapshot has crashed on this platform.
  const withoutSnapshot = process.platform === 'darwin' && process.arch === 'arm64';
  // Without machine code made at run time there is less of V8 to attack, and memory can be bounded tightly.
  return ['--jitless', ...(withoutSnapshot ? ['--no-node-snapshot'] : [])];
}

/** Says that our files are modules. */
function nearestManifest(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file)) {
      return file;
    }
    if (folder === path.dirname(folder)) {
      throw new Error(`No package.json above "${from}"`);
    }
  }
}
