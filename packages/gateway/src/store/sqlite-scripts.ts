import type { SavedScript, ScriptTable } from '@smcp/codemode';
import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { Row, SqliteDatabase } from './sqlite-database.ts';

const INSERT = `INSERT INTO saved_scripts (tenant, name, version, description, language, code, input_schema, output_schema,
  servers, digest, saved_by, saved_at, answered_by, answered_at, findings, state)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`;

const NEWEST_APPROVED = `SELECT MAX(version) FROM saved_scripts AS other
WHERE other.tenant = saved_scripts.tenant AND other.name = saved_scripts.name AND other.state = 'approved'`;

const NEWEST_VERSION = 'SELECT MAX(version) AS version FROM saved_scripts WHERE tenant = ? AND name = ?';

const COUNT = `SELECT COUNT(DISTINCT name) AS names,
  COUNT(*) FILTER (WHERE state = 'waiting') AS waiting,
  COUNT(*) FILTER (WHERE state = 'waiting' AND saved_by = ?) AS own_waiting
FROM saved_scripts WHERE tenant = ? AND state IN ('waiting', 'approved')`;

const PRUNE = `DELETE FROM saved_scripts WHERE rowid IN (
  SELECT rowid FROM saved_scripts WHERE tenant = ? AND state IN ('rejected', 'retired')
  ORDER BY saved_at DESC, rowid DESC LIMIT -1 OFFSET ?)`;

export function createScriptTable(database: SqliteDatabase): ScriptTable {
  const versions = (tenant: string, name: string): readonly SavedScript[] =>
    database
      .all('SELECT * FROM saved_scripts WHERE tenant = ? AND name = ? ORDER BY version DESC', tenant, name)
      .map(fromRow);
  return {
    add: async (script) =>
      database.transaction(() => {
        const { tenant, name } = script;
        const newest = database.get(NEWEST_VERSION, tenant, name)?.['version'];
        const version = Number(newest ?? 0) + 1;
        const added: SavedScript = { ...script, version, state: 'waiting' };
        database.run(INSERT, ...toValues(added));
        return added;
      }),
    inForce: async (tenant, name) => {
      const row = database.get(
        `SELECT * FROM saved_scripts WHERE tenant = ? AND name = ? AND state = 'approved' AND version = (${NEWEST_APPROVED})`,
        tenant,
        name,
      );
      return row === undefined ? undefined : fromRow(row);
    },
    listInForce: async (tenant) =>
      database
        .all(
          `SELECT * FROM saved_scripts WHERE tenant = ? AND state = 'approved' AND version = (${NEWEST_APPROVED}) ORDER BY name`,
          tenant,
        )
        .map(fromRow),
    versions: async (tenant, name) => versions(tenant, name),
    list: async (tenant) =>
      (tenant === undefined
        ? database.all('SELECT * FROM saved_scripts ORDER BY tenant, name, version DESC')
        : database.all('SELECT * FROM saved_scripts WHERE tenant = ? ORDER BY name, version DESC', tenant)
      ).map(fromRow),
    count: async (tenant, savedBy) => {
      const row = database.get(COUNT, savedBy, tenant);
      return {
        names: Number(row?.['names']),
        waiting: Number(row?.['waiting']),
        ownWaiting: Number(row?.['own_waiting']),
      };
    },
    answer: async ({ tenant, name, version }, { from, to, by, at }) =>
      database.run(
        `UPDATE saved_scripts SET state = ?, answered_by = ?, answered_at = ?
         WHERE tenant = ? AND name = ? AND version = ? AND state IN (SELECT value FROM json_each(?))`,
        to,
        by,
        at,
        tenant,
        name,
        version,
        JSON.stringify(from),
      ) > 0,
    prune: async (tenant, keep) => void database.run(PRUNE, tenant, keep),
  };
}

function toValues(script: SavedScript): readonly (string | number | null)[] {
  return [
    script.tenant,
    script.name,
    script.version,
    script.description,
    script.language,
    script.code,
    JSON.stringify(script.inputSchema),
    script.outputSchema === undefined ? null : JSON.stringify(script.outputSchema),
    JSON.stringify(script.servers),
    script.digest,
    script.savedBy,
    script.savedAt,
    script.answeredBy ?? null,
    script.answeredAt ?? null,
    JSON.stringify(script.findings),
  ];
}

function fromRow(row: Row): SavedScript {
  const text = (column: string): string => String(row[column]);
  const [outputSchema, answeredBy] = [row['output_schema'], row['answered_by']].map(ifText);
  return {
    tenant: text('tenant'),
    name: text('name'),
    version: Number(row['version']),
    description: text('description'),
    language: languageOf(row['language']),
    code: text('code'),
    inputSchema: toSchema(text('input_schema')),
    ...(outputSchema === undefined ? {} : { outputSchema: toSchema(outputSchema) }),
    servers: texts(text('servers')),
    digest: text('digest'),
    savedBy: text('saved_by'),
    savedAt: Number(row['saved_at']),
    state: stateOf(row['state']),
    ...(answeredBy === undefined ? {} : { answeredBy, answeredAt: Number(row['answered_at']) }),
    findings: texts(text('findings')),
  };
}

function toSchema(text: string): JsonObject {
  const schema: unknown = JSON.parse(text);
  return isJsonObject(schema) ? schema : {};
}

function texts(text: string): readonly string[] {
  const list: unknown = JSON.parse(text);
  return Array.isArray(list) ? list.map(String) : [];
}

function ifText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function languageOf(value: unknown): SavedScript['language'] {
  return value === 'javascript' || value === 'python' ? value : 'typescript';
}

/** A state that is not known is not in force. */
function stateOf(value: unknown): SavedScript['state'] {
  return value === 'waiting' || value === 'approved' || value === 'retired' ? value : 'rejected';
}
