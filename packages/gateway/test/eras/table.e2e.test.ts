import type { Era } from '@smcp/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectOverHttp } from './client/connect.ts';
import { FEATURES } from './features/all-features.ts';
import type { Feature } from './features/feature.ts';
import { KEY, startEraGateway, type EraGateway } from './harness/era-gateway.ts';
import { runColumn, type Column } from './harness/run-column.ts';
import { drawTable } from './harness/table.ts';
import { WAYS, type Way } from './harness/ways.ts';

const ERAS = ['modern', 'handshake'] as const;
const CELLS = ERAS.flatMap((upstream) => ERAS.map((client) => ({ client, upstream })));

interface Shown {
  readonly client: Era;
  readonly way: Way;
  readonly column: Column;
}

let gateway: EraGateway;

beforeAll(async () => {
  gateway = await startEraGateway(WAYS);
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
});

/** Clients of both eras at one server, one after the other, so that none sees what the other changes. */
async function showAt(
  way: Way,
  features: readonly Feature[],
  url: string,
  named: (name: string) => string,
): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  for (const client of ERAS) {
    const connect = async () => await connectOverHttp(client, url, KEY);
    shown.push({ client, way, column: await runColumn(features, connect, named) });
  }
  return shown;
}

/** One row per feature, one column per cell, each transport of the upstream in it; failures with their first line. */
function draw(features: readonly Feature[], shown: readonly Shown[]): string {
  const head = ['', ...CELLS.map(({ client, upstream }) => `${client} client, ${upstream} server`)];
  const rows = features.map(({ name }) => [
    name,
    ...CELLS.map(({ client, upstream }) => {
      const there = shown.filter((one) => one.client === client && one.way.era === upstream);
      const failure = (one: Shown): string | undefined => one.column.get(name);
      const worked = there.filter((one) => failure(one) === undefined).map(({ way }) => way.label);
      const failed = there.flatMap((one) =>
        failure(one) === undefined ? [] : [`✗ ${one.way.label}: ${failure(one)}`],
      );
      return [...(worked.length === 0 ? [] : [`✓ ${worked.join(' ')}`]), ...failed].join('\n');
    }),
  ]);
  return drawTable(head, rows);
}

function failuresIn(shown: readonly Shown[]): readonly string[] {
  return shown.flatMap(({ client, way, column }) =>
    [...column].flatMap(([name, failure]) =>
      failure === undefined ? [] : [`${client} client, ${way.server}, ${name}: ${failure}`],
    ),
  );
}

describe('every client meets every server', () => {
  it('at an endpoint of its own, over every transport, in all four combinations of eras', async () => {
    const columns = WAYS.map(
      async (way) => await showAt(way, FEATURES, gateway.url(way.server), (name) => name),
    );
    const shown = (await Promise.all(columns)).flat();
    process.stdout.write(`\n${draw(FEATURES, shown)}\n\n`);
    expect(shown.map(({ column }) => column.size)).toEqual(shown.map(() => FEATURES.length));
    expect(failuresIn(shown)).toEqual([]);
  });

  it('at the endpoint of all servers, under other names', async () => {
    const joined = FEATURES.filter((feature) => feature.joined === true);
    const shown: Shown[] = [];
    // One after the other, as the sessions of a server with `scope: session` may list different things and share one catalogue.
    for (const way of WAYS) {
      shown.push(...(await showAt(way, joined, gateway.url(), (name) => `${way.server}_${name}`)));
    }
    process.stdout.write(`\n${draw(joined, shown)}\n\n`);
    expect(failuresIn(shown)).toEqual([]);
  });
});
