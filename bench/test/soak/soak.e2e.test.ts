import { expect, it } from 'vitest';
import { Workspace } from '../../lifetime/workspace.ts';
import { checkPromises } from '../../soak/promises.ts';
import { soak } from '../../soak/soak.ts';

it('soak() keeps its promises for some seconds, with servers that are killed and clients that vanish', async () => {
  await using workspace = new Workspace();
  const options = {
    minutes: 0.12,
    seed: 1,
    clients: ['v1', 'v2'],
    upstreams: ['stdio', 'http-legacy'],
    json: undefined,
  } as const;
  const figures = await soak(workspace, options, () => undefined);
  expect(checkPromises(figures).filter(({ kept }) => kept === false)).toEqual([]);
  expect(figures.workers.reduce((sum, { vanished }) => sum + vanished, 0)).toBeGreaterThan(0);
  expect(Object.values(figures.kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  expect(figures.calls.made).toBeGreaterThan(100);
});
