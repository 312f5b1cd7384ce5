import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@smcp/protocol';
import type { AuditEntry } from '../../src/audit/index.ts';
import { Catalog, PROMPTS, TOOLS, type ListKind } from '../../src/catalog/index.ts';
import { acceptHeld, PinKeeper, type AcceptedChanges } from '../../src/pin/index.ts';
import { openSqliteStore, type HeldChange, type PinTable, type Store } from '../../src/store/index.ts';
import { serverConfig } from '../fixtures/server-config.ts';
import { listUpstream } from '../fixtures/list-upstream.ts';

export interface KeeperStage extends AsyncDisposable {
  readonly store: Store;
  readonly keeper: PinKeeper;
  /** What was recorded: event and detail. */
  readonly records: readonly (readonly [string, JsonObject])[];
  readonly warnings: readonly string[];
  /** A gateway that starts anew on the same store. */
  restart(): PinKeeper;
  /** One partition of callers: what it is shown by the server, and what it is offered. */
  partition(keeper?: PinKeeper): Partition;
  held(): Promise<readonly string[]>;
  accept(isMeant?: (held: HeldChange) => boolean): Promise<AcceptedChanges>;
  /** Makes what is recorded from now on fail. */
  breakAudit(): void;
}

export interface Partition {
  /** What the server lists now. */
  tools: readonly JsonObject[];
  prompts: readonly JsonObject[];
  info: JsonObject;
  settings: object;
  pinning: object;
  folder: string;
  /** Names offered, fetched anew. */
  offered(kind?: ListKind): Promise<readonly string[]>;
  /** The definition that a call is checked by, fetched anew. */
  find(name: string): Promise<JsonObject | undefined>;
}

export function tool(name: string, more: JsonObject = {}): JsonObject {
  return { name, description: `Does ${name}`, inputSchema: { type: 'object' }, ...more };
}

export const AT = '2026-08-01T00:00:00.000Z';

/** A keeper on a real store, in front of a server that lists what the test says. */
export async function openKeeperStage(
  wrap: (pins: PinTable) => PinTable = (pins) => pins,
): Promise<KeeperStage> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-pins-'));
  const store = openSqliteStore(join(folder, 'state.db'));
  const records: [string, JsonObject][] = [];
  const warnings: string[] = [];
  let isAuditBroken = false;
  const log = (message: string, fields: object = {}) =>
    void warnings.push(`${message} ${JSON.stringify(fields)}`);
  const create = (): PinKeeper =>
    new PinKeeper({
      pins: wrap(store.pins),
      audit: {
        append: async (entry: AuditEntry) => {
          if (isAuditBroken) throw new Error('The disk is full');
          if (entry.type === 'system')
            records.push([entry.event, JSON.parse(JSON.stringify(entry.detail ?? {}))]);
        },
      },
      logger: { debug: () => undefined, info: () => undefined, warn: log, error: log },
      now: () => new Date(AT),
    });
  const keeper = create();
  return {
    store,
    keeper,
    records,
    warnings,
    restart: create,
    partition: (by = keeper) => createPartition(by),
    held: async () => (await store.pins.held()).map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`),
    accept: async (isMeant = () => true) =>
      await acceptHeld(store.pins, { server: 'files', isMeant, by: 'operator:dana', atIso: AT }),
    breakAudit: () => {
      isAuditBroken = true;
    },
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function createPartition(keeper: PinKeeper): Partition {
  const catalog = new Catalog(() => 0);
  const upstream = listUpstream(
    (method) => ({
      result: method === 'tools/list' ? { tools: partition.tools } : { prompts: partition.prompts },
    }),
    { tools: {}, prompts: {} },
  );
  const fetchAnew = async (kind: ListKind) => {
    const config = serverConfig({
      command: 'npx',
      args: ['files'],
      ...partition.settings,
      pinning: partition.pinning,
    });
    catalog.useFilter(keeper.filterFor('files', config, partition.folder));
    catalog.invalidate();
    upstream.serverInfo = partition.info;
    return await catalog.get(kind, upstream);
  };
  const partition: Partition = {
    tools: [tool('read'), tool('write')],
    prompts: [],
    info: { name: 'files', version: '1.0.0' },
    settings: {},
    pinning: {},
    folder: '/srv',
    offered: async (kind = TOOLS) => [...(await fetchAnew(kind)).byKey.keys()],
    find: async (name) => {
      await fetchAnew(TOOLS);
      return await catalog.find(TOOLS, name, upstream);
    },
  };
  return partition;
}

export { PROMPTS, TOOLS };
