import type { SavedScript, ScriptTable } from '../../src/scripts/saved-script.ts';

/** A table in memory, which keeps the promises of the interface. */
export function memoryScripts(): ScriptTable {
  let rows: readonly SavedScript[] = [];
  const of = (tenant: string, name: string) =>
    rows.filter((row) => row.tenant === tenant && row.name === name).sort((a, b) => b.version - a.version);
  const inForce = (tenant: string, name: string) =>
    of(tenant, name).find(({ state }) => state === 'approved');
  return {
    add: async (script) => {
      const version = Math.max(0, ...of(script.tenant, script.name).map((row) => row.version)) + 1;
      const added: SavedScript = { ...script, version, state: 'waiting' };
      rows = [...rows, added];
      return added;
    },
    inForce: async (tenant, name) => inForce(tenant, name),
    listInForce: async (tenant) => {
      const names = new Set(rows.filter((row) => row.tenant === tenant).map(({ name }) => name));
      return [...names].flatMap((name) => inForce(tenant, name) ?? []);
    },
    versions: async (tenant, name) => of(tenant, name),
    list: async (tenant) => rows.filter((row) => tenant === undefined || row.tenant === tenant),
    count: async (tenant, savedBy) => {
      const own = rows.filter((row) => row.tenant === tenant);
      const waiting = own.filter(({ state }) => state === 'waiting');
      const standing = own.filter(({ state }) => state === 'waiting' || state === 'approved');
      return {
        names: new Set(standing.map(({ name }) => name)).size,
        waiting: waiting.length,
        ownWaiting: waiting.filter((row) => row.savedBy === savedBy).length,
      };
    },
    answer: async ({ tenant, name, version }, { from, to, by, at }) => {
      const row = of(tenant, name).find((each) => each.version === version);
      if (row === undefined || !from.includes(row.state)) return false;
      rows = rows.map((each) =>
        each === row ? { ...row, state: to, answeredBy: by, answeredAt: at } : each,
      );
      return true;
    },
    prune: async (tenant, keep) => {
      const settled = rows.filter(
        (row) => row.tenant === tenant && (row.state === 'rejected' || row.state === 'retired'),
      );
      const kept = new Set(settled.slice(Math.max(0, settled.length - keep)));
      rows = rows.filter((row) => !settled.includes(row) || kept.has(row));
    },
  };
}
