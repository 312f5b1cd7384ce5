import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readCitations, readRequirements, render } from '../../../scripts/requirements.ts';

it('tests cite only requirements that exist', () => {
  const known = new Set(readRequirements().map(({ id }) => id));
  // Ids of promises whose own list is still to come.
  const cited = [...readCitations().keys()].filter((id) => id.startsWith('S1-'));
  expect(cited.filter((id) => !known.has(id))).toEqual([]);
});

it('every requirement is proven by a test, met by a document, or says why not yet', () => {
  const citations = readCitations();
  const open = readRequirements().filter(
    ({ id, later, document }) => !citations.has(id) && later === undefined && document === undefined,
  );
  expect(open.map(({ id }) => id)).toEqual([]);
});

it('docs/requirements.md is up to date', () => {
  const document = readFileSync(new URL('../../../docs/requirements.md', import.meta.url), 'utf8');
  expect(document).toBe(render(readRequirements(), readCitations()));
});
