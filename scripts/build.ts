import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const ROOT = join(import.meta.dirname, '..');
/** Programs that run scripts and prove that they are contained: started by path, so they stay files of their own. */
const SANDBOX = join(ROOT, 'packages', 'sandbox', 'src', 'engines', 'javascript');
const SANDBOX_PROGRAMS = ['runner', 'probe'] as const;
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
  await using build = await rolldown({
    input: [...entries, WORKER],
    platform: 'node',
    logLevel: 'warn',
    // The form that its package names first loads its own parts by computed names, which no bundle can follow.
    resolve: {
      alias: { 'jsonc-parser': join(ROOT, 'node_modules', 'jsonc-parser', 'lib', 'esm', 'main.js') },
    },
  });
  await build.write({ dir: folder, format: 'esm', entryFileNames: '[name].js', sourcemap: false });
  await Promise.all(
    SANDBOX_PROGRAMS.map(async (program) => {
      await cp(join(SANDBOX, program), join(folder, program), { recursive: true });
    }),
  );
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
