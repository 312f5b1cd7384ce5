import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Compiler } from '../compiler/compiler.ts';
import { nameSettings, typeSettings } from '../compiler/compiler-settings.ts';
import { mask, unmask } from '../mask.ts';
import type { PlacedCheck } from '../placed-check.ts';
import { mergeDeclarations, withTypes } from './merge-declarations.ts';
import { splitDeclarations, type Declared } from './split-declarations.ts';

/** Words without which nothing is declared. */
const DECLARES = /\b(?:const|let|var|function|class|enum|interface|type|namespace|typedef)\b/u;

/**
 * Learns from the compiler what a script declares at its top level, with types, and adds it to what earlier runs have declared.
 *
 * It takes two processes: one that knows nothing of the tools tells the names, another one the types of what has these names. Variables that are declared
 * with `var` inside of a block are not found.
 *
 * @param placed A script in which there is no mistake.
 * @returns Text for `earlier` of the next check.
 */
export async function learnDeclarations(
  placed: PlacedCheck,
  compiler: Compiler,
  maxBytes: number,
): Promise<string> {
  const { request } = placed;
  const earlier = request.earlier ?? '';
  if (!DECLARES.test(request.code)) return earlier;
  const names = await declarationsOf(
    placed,
    compiler,
    'names.ts',
    mask(request.code),
    nameSettings('names.ts'),
  );
  if (names.length === 0) return earlier;
  const script = request.language === 'javascript' ? 'types.js' : 'types.ts';
  const unique = [...new Set(names.map(({ name }) => name))];
  const types = await declarationsOf(
    placed,
    compiler,
    script,
    `${mask(request.code)}\nexport { ${unique.join(', ')} };\n`,
    typeSettings(request.language, [...placed.declarations, script]),
  );
  return mergeDeclarations(earlier, withTypes(names, types), maxBytes);
}

/** What the compiler writes into the declarations of a text; nothing when it fails. */
async function declarationsOf(
  { files }: PlacedCheck,
  compiler: Compiler,
  file: string,
  text: string,
  settings: Parameters<Compiler['run']>[2],
): Promise<readonly Declared[]> {
  await writeFile(join(files.path, file), text, { mode: 0o600 });
  // Errors are of no interest: the script was checked in another form.
  await compiler.run(files.root, files.path, settings);
  try {
    const written = await readFile(join(files.path, 'out', file.replace(/\.[jt]s$/u, '.d.ts')), 'utf8');
    return splitDeclarations(unmask(written));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
