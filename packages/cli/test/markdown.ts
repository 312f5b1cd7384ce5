import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A document. `path` is relative to the root. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** Line of its first line, from 1. */
  readonly line: number;
}

const FOLDERS = ['docs', 'deploy', 'examples'];
const PACKAGES = ['protocol', 'policy', 'gateway', 'cli'];
const AT_ROOT = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];

/** Every document that users or contributors read. */
export async function readPages(): Promise<readonly Page[]> {
  const found = await Promise.all(FOLDERS.map((folder) => filesIn(folder, '.md')));
  const paths = [...AT_ROOT, ...PACKAGES.map((name) => `packages/${name}/README.md`), ...found.flat()];
  return await Promise.all(paths.map(readPage));
}

export async function readPage(path: string): Promise<Page> {
  return { path, text: await readFile(join(ROOT, path), 'utf8') };
}

/** Paths, relative to the root, of the files below `folder` whose name ends so. */
export async function filesIn(folder: string, ending: string): Promise<readonly string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true });
  return entries
    .filter((entry) => entry.endsWith(ending))
    .map((entry) => `${folder}/${entry}`)
    .toSorted();
}

/** Targets of all links outside of code. */
export function linkTargets({ text }: Page): readonly string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
}

/** What may stand after `#` in a link to this page, as code hosts make it from headings. */
export function anchors({ text }: Page): ReadonlySet<string> {
  const headings = [...withoutFences(text).matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1] ?? '');
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Code between fences, in order. A block inside a list loses the indentation of its fence. */
export function codeBlocks({ text }: Page): readonly CodeBlock[] {
  return [...text.matchAll(/^( *)```(\w*)\n([^]*?)^ *```$/gm)].map((match) => ({
    language: match[2] ?? '',
    text: (match[3] ?? '').replaceAll(new RegExp(`^${match[1] ?? ''}`, 'gm'), ''),
    line: text.slice(0, match.index).split('\n').length + 1,
  }));
}

function withoutFences(text: string): string {
  return text.replaceAll(/^( *)```[^]*?^ *```$/gm, '');
}

function withoutCode(text: string): string {
  return withoutFences(text).replaceAll(/`[^`\n]*`/g, '');
}
