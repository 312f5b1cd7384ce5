import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Workspace } from '../lifetime/workspace.ts';
import { toText } from '../report/table.ts';
import type { SoakFigures } from './figures.ts';
import { parseOptions, USAGE, type Options } from './options.ts';
import { checkPromises } from './promises.ts';
import { soakTables } from './report.ts';
import { soak } from './soak.ts';

const MAX_SEED = 2 ** 32;

async function run(options: Options): Promise<SoakFigures> {
  await using workspace = new Workspace();
  const began = performance.now();
  return await soak(workspace, options, (text) => {
    process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${text}\n`);
  });
}

let options: Options;
try {
  options = parseOptions(process.argv.slice(2), randomInt(MAX_SEED));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
  process.exit(2);
}
process.stderr.write(`Seed ${options.seed}\n`);
let figures: SoakFigures;
try {
  figures = await run(options);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
const promises = checkPromises(figures);
if (options.json !== undefined) {
  await writeFile(options.json, `${JSON.stringify({ ...figures, promises }, undefined, 2)}\n`);
}
process.stdout.write(
  `${soakTables(figures, promises)
    .map((table) => toText(table))
    .join('\n\n')}\n`,
);
process.exit(promises.some(({ kept }) => kept === false) ? 1 : 0);
