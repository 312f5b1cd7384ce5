import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Workspace } from '../lifetime/workspace.ts';
import { toMarkdown, toText } from '../report/table.ts';
import type { CodemodeFigures } from './figures.ts';
import { measureCodemode } from './measure/measure-codemode.ts';
import { CODEMODE_USAGE, parseCodemodeOptions, type CodemodeOptions } from './options.ts';
import { codemodeTables } from './report/tables.ts';

/** Measures scripts: what a sandbox and a call inside it cost, beside other implementations, plain calls and the bars. */
const RESULT_FILE = join(import.meta.dirname, '..', '..', 'out', 'codemode.json');

async function measure(options: CodemodeOptions): Promise<CodemodeFigures> {
  await using workspace = new Workspace();
  const { deadlineMs } = options.settings;
  const deadline = setTimeout(() => {
    process.stderr.write(`Given up: the benchmark did not finish within ${deadlineMs / 1000} s\n`);
    workspace.giveUp(1);
  }, deadlineMs);
  const began = performance.now();
  try {
    return await measureCodemode(workspace, options, (text) => {
      process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
    });
  } finally {
    clearTimeout(deadline);
  }
}

async function save(figures: CodemodeFigures): Promise<void> {
  await mkdir(join(RESULT_FILE, '..'), { recursive: true });
  await writeFile(RESULT_FILE, `${JSON.stringify(figures, undefined, 2)}\n`);
}

function print(figures: CodemodeFigures, output: CodemodeOptions['output']): void {
  const text =
    output === 'json'
      ? JSON.stringify(figures, undefined, 2)
      : codemodeTables(figures)
          .map(output === 'markdown' ? toMarkdown : toText)
          .join('\n\n');
  process.stdout.write(`${text}\n`);
}

let options: CodemodeOptions;
try {
  options = parseCodemodeOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${CODEMODE_USAGE}\n`);
  process.exit(2);
}
if (options.from === undefined) {
  const figures = await measure(options);
  await save(figures);
  print(figures, options.output);
} else {
  print(JSON.parse(await readFile(options.from, 'utf8')) as CodemodeFigures, options.output);
}
