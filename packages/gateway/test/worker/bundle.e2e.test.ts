import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { bundle } from '../../../../scripts/build.ts';
import { WanderingClient } from './http.ts';
import { Bench, ownerOf, stop } from './workers-bench.ts';
import { PROGRAM } from './workers-fixture.ts';

it('a bundled gateway finds the program of its workers beside itself', async () => {
  await using bench = new Bench();
  const folder = await bench.folder();
  await bundle([PROGRAM], folder);
  const { servers } = await bench.counting();
  const workers = await bench.start({ servers }, join(folder, basename(PROGRAM).replace('.ts', '.js')));
  const url = `${workers.url}/mcp/counting`;
  const clients = await Promise.all([WanderingClient.open(url), WanderingClient.open(url)]);
  expect(new Set(clients.map(({ session }) => ownerOf(session)))).toEqual(new Set(['1', '2']));
  for (const client of clients) {
    expect((await client.callTool('count', { tag: 't' })).result).toBeDefined();
  }
  await stop(workers);
  await workers.checkChain();
});
