import { readCatalogues } from '../../catalogues/catalogue.ts';
import { QUERIES } from '../../discovery/queries.ts';
import { createOurs } from '../../discovery/rankers.ts';
import { quantile } from '../../statistics.ts';
import type { SearchFigures } from '../figures.ts';
import { timed, timedOften } from './clock.ts';

const LIMIT = 10;

/** Measures searches over the catalogues of real servers. */
export async function measureSearch(): Promise<SearchFigures> {
  const catalogues = readCatalogues();
  const search = createOurs(catalogues);
  const ask = async (at: number): Promise<void> => {
    const { query = '' } = QUERIES[at % QUERIES.length] ?? {};
    await search(query, LIMIT);
  };
  const firstMs = await timed(async () => await ask(0));
  const ms = await timedOften(QUERIES.length, ask);
  return {
    servers: catalogues.length,
    tools: catalogues.reduce((sum, { tools }) => sum + tools.length, 0),
    firstMs,
    queries: ms.length,
    p50Ms: quantile(ms, 0.5),
    p99Ms: quantile(ms, 0.99),
  };
}
