import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const ROOT = join(import.meta.dirname, '..');

/**
 * Bundles one program with everything it imports into a folder of plain JavaScript, which starts in about half the time and memory of the sources. What is
 * imported on demand stays apart, so that it is loaded on demand.
 *
 * @param entry Path of the module to begin with.
 * @param folder Emptied first.
 */
export async function bundle(entry: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await using build = await rolldown({ input: entry, platform: 'node', logLevel: 'warn' });
  await build.write({ dir: folder, format: 'esm', entryFileNames: '[name].js', sourcemap: false });
}

if (import.meta.main) {
  const folder = join(ROOT, 'packages', 'cli', 'dist');
  await bundle(join(ROOT, 'packages', 'cli', 'src', 'main.ts'), folder);
  process.stdout.write(
    `${folder}: \`npx smcp\` runs this now, whatever the sources say; remove it to run the sources\n`,
  );
}
