/** How often a search for tools finds the right one: `node bench/discovery/recall.ts [--missed]`. */
import { parseArgs } from 'node:util';
import { readCatalogues } from '../catalogues/catalogue.ts';
import { QUERIES, SENTENCES, type RecallQuery } from './queries.ts';
import { createOurs, createPlainMiniSearch, createSubstring, type Ranker } from './rankers.ts';

const LIMIT = 20;

/** Shares from 0 to 1. A query counts at the best place of any tool it wants. */
export interface RecallFigures {
  readonly queries: number;
  readonly recallAt1: number;
  readonly recallAt3: number;
  readonly recallAt5: number;
  /** Mean of 1 / place, nothing beyond place 20. */
  readonly mrr: number;
}

/** Asks all queries. */
export async function measureRecall(ranker: Ranker, queries: readonly RecallQuery[]): Promise<RecallFigures> {
  const places = await placesOf(ranker, queries);
  const share = (limit: number): number => places.filter((place) => place <= limit).length / places.length;
  return {
    queries: places.length,
    recallAt1: share(1),
    recallAt3: share(3),
    recallAt5: share(5),
    mrr: places.reduce((sum, place) => sum + 1 / place, 0) / places.length,
  };
}

/** Places from 1; Infinity for what is not among the first 20. */
async function placesOf(ranker: Ranker, queries: readonly RecallQuery[]): Promise<readonly number[]> {
  return await Promise.all(
    queries.map(async ({ query, wanted }) => {
      const at = (await ranker(query, LIMIT)).findIndex((id) => wanted.includes(id));
      return at === -1 ? Number.POSITIVE_INFINITY : at + 1;
    }),
  );
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { missed: { type: 'boolean', default: false } } });
  const catalogues = readCatalogues();
  const tools = catalogues.reduce((n, { tools: listed }) => n + listed.length, 0);
  const rankers: Readonly<Record<string, Ranker>> = {
    ours: createOurs(catalogues),
    'minisearch defaults': createPlainMiniSearch(catalogues),
    'all words as substrings': createSubstring(catalogues),
  };
  const sets: Readonly<Record<string, readonly RecallQuery[]>> = {
    tuning: QUERIES.filter((_, i) => i % 2 === 0),
    'held out': QUERIES.filter((_, i) => i % 2 === 1),
    sentences: SENTENCES,
  };
  console.log(`${catalogues.length} servers, ${tools} tools, ${QUERIES.length + SENTENCES.length} queries`);
  for (const [set, queries] of Object.entries(sets)) {
    for (const [name, ranker] of Object.entries(rankers)) {
      const { recallAt1, recallAt3, recallAt5, mrr } = await measureRecall(ranker, queries);
      const shares = [recallAt1, recallAt3, recallAt5].map((share) =>
        `${(100 * share).toFixed(0)}%`.padStart(4),
      );
      console.log(
        `${set.padEnd(9)} ${name.padEnd(24)} recall@1 ${shares[0]}  @3 ${shares[1]}  @5 ${shares[2]}  MRR ${mrr.toFixed(3)}`,
      );
    }
  }
  if (values.missed) {
    // Of the tuning half only: looking at the other would be tuning on it.
    const queries = sets['tuning'] ?? [];
    const places = await placesOf(createOurs(catalogues), queries);
    for (const [i, { query, wanted }] of queries.entries()) {
      if (places[i] === 1) continue;
      const got = (await createOurs(catalogues)(query, 3)).join(', ');
      console.log(`${places[i]} «${query}» wants ${wanted.join(' or ')}, got ${got}`);
    }
  }
}
