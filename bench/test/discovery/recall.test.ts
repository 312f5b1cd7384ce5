import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCatalogues } from '../../catalogues/catalogue.ts';
import { PACKAGES } from '../../catalogues/packages.ts';
import { QUERIES, SENTENCES } from '../../discovery/queries.ts';
import { createOurs, createPlainMiniSearch, createSubstring } from '../../discovery/rankers.ts';
import { measureRecall } from '../../discovery/recall.ts';

const FOLDER = join(import.meta.dirname, '../../catalogues');

describe('the captured catalogues', () => {
  const catalogues = readCatalogues();
  const tools = catalogues.flatMap(({ server, tools: listed }) =>
    listed.map(({ name }) => `${server}/${name}`),
  );

  it('are of at least 12 servers and 250 tools', () => {
    expect(catalogues.length).toBeGreaterThanOrEqual(12);
    expect(tools.length).toBeGreaterThanOrEqual(250);
    expect(new Set(tools).size).toBe(tools.length);
  });

  it('come from packages that are listed, under the licence given there', () => {
    for (const { server, package: name, licence, version } of catalogues) {
      expect(PACKAGES).toContainEqual(expect.objectContaining({ server, package: name, licence }));
      expect(version).toMatch(/^\d+\.\d+\.\d+/u);
    }
  });

  it('stay below 2 MB', () => {
    const bytes = readdirSync(FOLDER).reduce((sum, file) => sum + statSync(join(FOLDER, file)).size, 0);
    expect(bytes).toBeLessThan(2_000_000);
  });

  it('have every tool that a query wants', () => {
    for (const { wanted } of [...QUERIES, ...SENTENCES]) {
      expect(wanted).not.toEqual([]);
      for (const id of wanted) expect(tools).toContain(id);
    }
  });

  it('are asked 100 different queries', () => {
    expect(new Set(QUERIES.map(({ query }) => query)).size).toBe(100);
  });
});

describe('measureRecall()', () => {
  const queries = QUERIES.filter((_, i) => i % 2 === 1);

  it('counts places of the first wanted tool', async () => {
    const ranked = async (): Promise<readonly string[]> => ['x', 'b', 'y', 'z', 'c'];
    const wanting = (...wanted: string[]) => ({ kind: 'direct', query: 'q', wanted }) as const;
    expect(
      await measureRecall(ranked, [wanting('x'), wanting('c', 'b'), wanting('c'), wanting('none')]),
    ).toEqual({ queries: 4, recallAt1: 0.25, recallAt3: 0.5, recallAt5: 0.75, mrr: (1 + 1 / 2 + 1 / 5) / 4 });
  });

  it('finds nine of ten at once and nearly all among five, on queries kept from tuning [S3-09]', async () => {
    const { recallAt1, recallAt5 } = await measureRecall(createOurs(readCatalogues()), queries);
    expect(recallAt1).toBeGreaterThanOrEqual(0.9);
    expect(recallAt5).toBeGreaterThanOrEqual(0.96);
  });

  it('is better than the library as it comes and than substrings, on sentences too', async () => {
    const catalogues = readCatalogues();
    for (const set of [queries, SENTENCES]) {
      const ours = await measureRecall(createOurs(catalogues), set);
      const plain = await measureRecall(createPlainMiniSearch(catalogues), set);
      const substring = await measureRecall(createSubstring(catalogues), set);
      expect(ours.mrr).toBeGreaterThan(plain.mrr + 0.1);
      expect(plain.mrr).toBeGreaterThan(substring.mrr);
    }
  });
});
