import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measureContext } from './context.ts';
import { measure, type Measured } from './measure.ts';
import { reportText } from './report.ts';
import { openStage } from './stage.ts';
import { WORKFLOWS } from './workflows.ts';

/** Counts what eight pieces of business work cost a model, as plain tool calls and as scripts, and the context that catalogues of real servers take. */
const RESULT_FILE = join(import.meta.dirname, '..', '..', 'out', 'tokens.json');
const isJson = process.argv.includes('--json');

await using plain = await openStage('/mcp/accounting');
await using script = await openStage('/code');
const measured: Measured[] = [];
for (const workflow of WORKFLOWS) {
  measured.push(await measure(workflow, plain, script));
  process.stderr.write(`  ${workflow.name}: both ways gave the same answer and changed the same\n`);
}
const figures = { measured, context: await measureContext(measured, await script.tools()) };
await mkdir(join(RESULT_FILE, '..'), { recursive: true });
await writeFile(RESULT_FILE, `${JSON.stringify(figures, undefined, 2)}\n`);
process.stdout.write(`${isJson ? JSON.stringify(figures, undefined, 2) : reportText(figures)}\n`);
