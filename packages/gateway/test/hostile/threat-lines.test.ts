import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { threatLines } from './threat-lines.ts';

const PACKAGES = fileURLToPath(new URL('../../../', import.meta.url));
/** An id as it stands in the name of a test, or in the data that names are made of. */
const CITATION = /(?<=[[(', ])A\d{2,3}(?=[\]),'])/g;

/** Every id that a test of any package cites, with the files that do. */
function readCitations(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const file of testFiles()) {
    for (const [id] of readFileSync(join(PACKAGES, file), 'utf8').matchAll(CITATION)) {
      const files = found.get(id) ?? [];
      found.set(id, files.includes(file) ? files : [...files, file]);
    }
  }
  return found;
}

function testFiles(): readonly string[] {
  return readdirSync(PACKAGES).flatMap((name) => {
    const folder = join(name, 'test');
    const files = readdirSync(join(PACKAGES, folder), { recursive: true, encoding: 'utf8' });
    return files
      .filter(
        (file) => file.endsWith('.ts') && !file.includes('node_modules') && !file.includes('threat-lines'),
      )
      .map((file) => join(folder, file));
  });
}

it('there is one line for each attack, in the order of their numbers', () => {
  const expected = Array.from({ length: 102 }, (_, index) => `A${String(index + 1).padStart(2, '0')}`);
  expect(threatLines.map(({ id }) => id)).toEqual(expected);
});

it('tests cite only attacks that have a line', () => {
  const known = new Set(threatLines.map(({ id }) => id));
  expect([...readCitations()].filter(([id]) => !known.has(id))).toEqual([]);
});

it('what is said to be proven is cited by a test', () => {
  const citations = readCitations();
  const unproven = threatLines.filter(({ id, status }) => status === 'proven' && !citations.has(id));
  expect(unproven.map(({ id }) => id)).toEqual([]);
});

it('each defence is where its line says', () => {
  const places = threatLines.flatMap((line) => (line.status === 'proven' ? line.where : []));
  const missing = places.filter(
    (place) => statSync(join(PACKAGES, place), { throwIfNoEntry: false }) === undefined,
  );
  expect(missing).toEqual([]);
});

it('each line says in a sentence what is refused, what is open and why', () => {
  for (const line of threatLines) {
    expect(line.refused).toMatch(/^[A-Z].{10,200}[^.]$/);
    const sentence = line.status === 'proven' ? (line.open ?? 'Nothing.') : line.reason;
    expect(sentence).toMatch(/^[A-Z].+\.$/);
  }
});

it('transport, sessions, tokens, pinning and approval are proven', () => {
  const proven = new Set(threatLines.filter(({ status }) => status === 'proven').map(({ id }) => id));
  const transport = ['A51', 'A54', 'A60', 'A66', 'A68', 'A75', 'A79', 'A80', 'A81'];
  const people = ['A33', 'A34', 'A39', 'A42', 'A43', 'A50', 'A53'];
  const servers = ['A09', 'A10', 'A11', 'A18', 'A20', 'A21', 'A22'];
  expect([...transport, ...people, ...servers].filter((id) => !proven.has(id))).toEqual([]);
});
