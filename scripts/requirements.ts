// Which test proves which requirement: `node scripts/requirements.ts [--write | --check | --json]`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DOCUMENT = join(ROOT, 'docs', 'requirements.md');
const CITATION = /\[(S[0-4]-\d{2})\]/g;

export interface Requirement {
  readonly id: string;
  readonly text: string;
  readonly later?: string;
  readonly document?: string;
}

export function readRequirements(): readonly Requirement[] {
  return parse(readFileSync(join(ROOT, 'docs', 'requirements.yaml'), 'utf8')) as readonly Requirement[];
}

/** Test files by the id that they cite, in order. */
export function readCitations(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const file of ['packages', 'bench'].flatMap((folder) => [...testFiles(join(ROOT, folder))])) {
    for (const [, id = ''] of readFileSync(file, 'utf8').matchAll(CITATION)) {
      found.set(id, (found.get(id) ?? new Set()).add(relative(ROOT, file)));
    }
  }
  return new Map([...found].map(([id, files]) => [id, [...files].sort()]));
}

function* testFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') {
      yield* testFiles(path);
    } else if (path.includes('/test/') && entry.name.endsWith('.ts')) {
      yield path;
    }
  }
}

export function render(
  requirements: readonly Requirement[],
  citations: ReadonlyMap<string, readonly string[]>,
): string {
  const rows = requirements.map((requirement) => {
    const files = citations.get(requirement.id) ?? [];
    return `| ${requirement.id} | ${requirement.text} | ${proof(requirement, files)} |`;
  });
  return `# Requirements

Made by \`npm run requirements -- --write\` from [requirements.yaml](requirements.yaml) and the ids that tests cite. A line that nothing proves yet says so.

| id | promise | proven by |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function proof({ later, document }: Requirement, files: readonly string[]): string {
  const parts = files.map((file) => `[${file.replace(/^packages\//, '')}](../${file})`);
  if (document !== undefined) {
    parts.push(`[${document}](../${document})`);
  }
  if (later !== undefined) {
    parts.push(`**not yet**: ${later}`);
  }
  return parts.length === 0 ? '**not yet proven**' : parts.join('<br>');
}

function main(args: readonly string[]): number {
  const requirements = readRequirements();
  const citations = readCitations();
  const text = render(requirements, citations);
  if (args.includes('--write')) {
    writeFileSync(DOCUMENT, text);
  } else if (args.includes('--check') && readFileSync(DOCUMENT, 'utf8') !== text) {
    console.error('docs/requirements.md is not up to date: run `npm run requirements -- --write`');
    return 1;
  }
  if (args.includes('--json')) {
    console.log(
      JSON.stringify(
        requirements.map((requirement) => ({ ...requirement, tests: citations.get(requirement.id) ?? [] })),
      ),
    );
    return 0;
  }
  for (const { id, text: promise, later } of requirements) {
    const files = citations.get(id) ?? [];
    console.log(`${id}  ${files.length > 0 && later === undefined ? 'proven ' : 'not yet'}  ${promise}`);
    for (const file of files) {
      console.log(`                  ${file}`);
    }
  }
  const proven = requirements.filter(({ id, later }) => later === undefined && citations.has(id)).length;
  console.log(`\n${proven} of ${requirements.length} proven by tests`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv.slice(2));
}
