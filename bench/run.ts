import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCount, type BenchFigures } from './figures.ts';
import { Workspace } from './lifetime/workspace.ts';
import { measureAll } from './measure/measure-all.ts';
import { parseOptions, USAGE, type Options, type Settings } from './options.ts';
import { toMarkdown, toText } from './report/table.ts';
import { reportTables } from './report/tables.ts';
import { ifSubcommand, runSubcommand, type Chosen } from './subcommand.ts';

const RESULT_FILE = join(import.meta.dirname, '..', 'out', 'bench.json');

async function measure(settings: Settings): Promise<BenchFigures> {
  await using workspace = new Workspace();
  const deadline = setTimeout(() => {
    process.stderr.write(`Given up: the benchmark did not finish within ${settings.deadlineMs / 1000} s\n`);
    workspace.giveUp(1);
  }, settings.deadlineMs);
  const began = performance.now();
  try {
    return await measureAll(workspace, settings, (text) => {
      process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
    });
  } finally {
    clearTimeout(deadline);
  }
}

async function save(figures: BenchFigures): Promise<void> {
  await mkdir(join(RESULT_FILE, '..'), { recursive: true });
  await writeFile(RESULT_FILE, `${JSON.stringify(figures, undefined, 2)}\n`);
}

function print(figures: BenchFigures, output: Options['output']): void {
  const text =
    output === 'json'
      ? JSON.stringify(figures, undefined, 2)
      : reportTables(figures)
          .map(output === 'markdown' ? toMarkdown : toText)
          .join('\n\n');
  process.stdout.write(`${text}\n`);
}

let subcommand: Chosen | undefined;
let options: Options;
try {
  subcommand = ifSubcommand(process.argv.slice(2));
  options = parseOptions(subcommand === undefined ? process.argv.slice(2) : []);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
  process.exit(2);
}
if (subcommand !== undefined) {
  process.exitCode = await runSubcommand(subcommand);
} else if (options.from === undefined) {
  const figures = await measure(options.settings);
  await save(figures);
  print(figures, options.output);
  process.exitCode = figures.calls.some((entry) => errorCount(entry) > 0) ? 1 : 0;
} else {
  print(JSON.parse(await readFile(options.from, 'utf8')) as BenchFigures, options.output);
}
