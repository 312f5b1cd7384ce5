import type { Principal } from '@smcp/policy';
import { Catalog } from '../../src/catalog/index.ts';
import type { Caller, Gate, RouteResult, ServerEntry } from '../../src/gate/index.ts';
import { AggregateView } from '../../src/view/index.ts';
import { listUpstream, type ListUpstream } from '../fixtures/list-upstream.ts';

export const CALLER: Caller = {
  principal: { id: 'key:alice', kind: 'key', tenant: 'default', roles: [] } satisfies Principal,
  credential: () => undefined,
};

/** What a gate says of who may see what; everything unless told otherwise. */
export function gateThat(
  rules: { reaches?: (server: string) => boolean; shows?: (name: string) => boolean } = {},
): Gate {
  const { reaches = () => true, shows = () => true } = rules;
  const gate: Pick<Gate, 'isVisible' | 'mayReach'> = {
    isVisible: (_principal, { server, name }) => reaches(server) && shows(name),
    mayReach: (_principal, server) => reaches(server),
  };
  return gate as Gate;
}

export interface FakeEntry {
  readonly entry: ServerEntry;
  readonly catalog: Catalog;
  readonly upstream: ListUpstream;
}

/** A configured server that answers lists with what `lists` holds, by field; a promise makes it as slow as that promise. */
export function fakeEntry(
  lists: Readonly<Record<string, readonly Record<string, string>[]>>,
  options: { until?: Promise<void>; refused?: string; instructions?: string; ttlMs?: number } = {},
): FakeEntry {
  const capabilities = Object.fromEntries(
    Object.keys(lists).map((field) => [
      field === 'resourceTemplates' ? 'resources' : field,
      { listChanged: true },
    ]),
  );
  const upstream = listUpstream(async (method) => {
    await options.until;
    const field = method === 'resources/templates/list' ? 'resourceTemplates' : method.split('/', 1)[0];
    const hints = options.ttlMs === undefined ? {} : { ttlMs: options.ttlMs };
    return { result: { [field ?? '']: [...(lists[field ?? ''] ?? [])], ...hints } };
  }, capabilities);
  const describe_ = upstream.describe.bind(upstream);
  upstream.describe = async () => {
    await options.until;
    return { ...(await describe_()), instructions: options.instructions };
  };
  const catalog = new Catalog(() => 0);
  const result: RouteResult =
    options.refused === undefined
      ? { ok: true, route: { upstream, catalog } }
      : { ok: false, code: 'CREDENTIAL_MISSING', message: options.refused };
  const entry: Pick<ServerEntry, 'route' | 'catalogFor' | 'offers'> = {
    offers: () => true,
    route: () => result,
    catalogFor: () => (result.ok ? catalog : undefined),
  };
  return { entry: entry as ServerEntry, catalog, upstream };
}

export interface MadeView {
  readonly view: AggregateView;
  /** What was announced as come late, as `server method`. */
  readonly late: string[];
}

export function aggregate(entries: Readonly<Record<string, FakeEntry>>, gate = gateThat()): MadeView {
  const late: string[] = [];
  const nothing = (): void => undefined;
  const view = new AggregateView({
    gate,
    servers: new Map(Object.entries(entries).map(([name, { entry }]) => [name, entry])),
    info: { name: 'smcp', version: '1' },
    logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    onLate: (server, kind) => late.push(`${server} ${kind.method}`),
  });
  return { view, late };
}
