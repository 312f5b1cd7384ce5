import { readFile, writeFile } from 'node:fs/promises';
import { configJsonSchema } from '../packages/gateway/src/config/json-schema.ts';
import { renderConfigReference } from './config-reference.ts';

// Writes the documents that are made from the configuration schema. With --check it writes nothing and fails when one differs.

const schema = configJsonSchema();
const documents = [
  { file: 'docs/smcp.schema.json', text: `${JSON.stringify(schema, null, 2)}\n` },
  { file: 'docs/configuration.md', text: renderConfigReference(schema) },
];

const isCheck = process.argv.includes('--check');
for (const { file, text } of documents) {
  const url = new URL(`../${file}`, import.meta.url);
  if (!isCheck) {
    await writeFile(url, text);
  } else if ((await readFile(url, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(`${file} differs from the schema; run node scripts/generate-config-docs.ts\n`);
    process.exitCode = 1;
  }
}
