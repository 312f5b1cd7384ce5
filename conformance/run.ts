import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Workspace } from '../bench/lifetime/workspace.ts';
import { toText } from '../bench/report/table.ts';
import { judge, type Verdict } from './judge/judge.ts';
import { complaints, problemTable, scoreTable } from './judge/report.ts';
import { parseOptions, USAGE, type Options } from './options.ts';
import { readExpectedFailures } from './suite/expected-failures.ts';

const EXPECTED_FAILURES = join(import.meta.dirname, 'expected-failures.yml');
const KEPT = join(import.meta.dirname, '..', 'out', 'conformance');

async function run(options: Options): Promise<readonly Verdict[]> {
  await using workspace = new Workspace();
  if (options.keep) {
    await rm(KEPT, { recursive: true, force: true });
  }
  const folder = options.keep ? KEPT : join(workspace.folder, 'results');
  return await judge(workspace, { ...options, expectedFailures: EXPECTED_FAILURES, folder }, (text) => {
    process.stderr.write(`${text}\n`);
  });
}

let options: Options;
try {
  options = parseOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
  process.exit(2);
}
const expected = await readExpectedFailures(EXPECTED_FAILURES);
let verdicts: readonly Verdict[];
try {
  verdicts = await run(options);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
if (options.json !== undefined) {
  await writeFile(options.json, `${JSON.stringify({ verdicts }, undefined, 2)}\n`);
}
const tables = [scoreTable(verdicts), problemTable(verdicts, expected)].filter(({ rows }) => rows.length > 0);
const bad = complaints(verdicts, expected);
process.stdout.write(`${[...tables.map((table) => toText(table)), ...bad].join('\n\n')}\n`);
process.exitCode = bad.length === 0 ? 0 : 1;
