import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const ROOT = join(import.meta.dirname, '..');
/** A gateway of several processes starts this one beside itself. */
const WORKER = join(ROOT, 'packages', 'gateway', 'src', 'worker', 'worker-process.ts');

/**
 * Bundles programs with everything they import into a folder of plain JavaScript, which starts in about half the time and memory of the sources. What is
 * imported on demand stays apart, so that it is loaded on demand.
 *
 * @param entries Paths of the modules to begin with; each becomes a file of the same name.
 * @param folder Emptied first.
 */
export async function bundle(entries: readonly string[], folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await using build = await rolldown({ input: [...entries, WORKER], platform: 'node', logLevel: 'warn' });
  await build.write({ dir: folder, format: 'esm', entryFileNames: '[name].js', sourcemap: false });
  // What lies around the folder must not decide how its files are read.
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
}

if (import.meta.main) {
  const command = join(ROOT, 'packages', 'cli');
  const programs = ['smcp.js', 'smcp-gateway.js'];
  await bundle(
    programs.map((name) => join(command, 'bin', name)),
    join(command, 'dist'),
  );
  process.stdout.write(programs.map((name) => `node packages/cli/dist/${name}\n`).join(''));
}
