import { createApprovalTable } from './sqlite-approvals.ts';
import { createPinTable } from './sqlite-pins.ts';
import { createScriptTable } from './sqlite-scripts.ts';
import { SqliteDatabase, type Row } from './sqlite-database.ts';
import type {
  AuditAnchor,
  AuditAnchorTable,
  CredentialTable,
  SecretTable,
  Store,
  StoredAgent,
  StoredKey,
} from './store.ts';

/**
 * Opens the store in one SQLite file, made when absent with mode 0600.
 *
 * Calls are synchronous underneath and take microseconds; one that meets another process's write waits at most five seconds for it.
 *
 * @param path Absolute path; its folder exists.
 * @throws {StoreError} `STORE_UNAVAILABLE` when the file cannot be opened or is damaged, `STORE_TOO_NEW` when a newer version wrote it.
 */
export function openSqliteStore(path: string): Store {
  const database = new SqliteDatabase(path);
  return {
    keys: createCredentialTable(database, KEYS),
    agents: createCredentialTable(database, AGENTS),
    secrets: createSecretTable(database),
    audit: createAnchorTable(database),
    approvals: createApprovalTable(database),
    pins: createPinTable(database),
    scripts: createScriptTable(database),
    getMeta: async (key) => ifText(database.get('SELECT value FROM meta WHERE key = ?', key)?.['value']),
    ensureMeta: async (key, value) => {
      database.run('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING', key, value);
      return text(database.get('SELECT value FROM meta WHERE key = ?', key), 'value');
    },
    revision: async () => {
      database.checkPlace();
      return number(database.get('SELECT value FROM revision'), 'value');
    },
    [Symbol.asyncDispose]: async () => database[Symbol.dispose](),
  };
}

type ColumnValue = string | number | null;

/** How entries of one kind become rows and come back. */
interface CredentialMapping<T> {
  readonly table: string;
  readonly columns: readonly string[];
  toValues(entry: T): readonly ColumnValue[];
  fromRow(row: Row): T;
}

const KEY_COLUMNS = [
  'name',
  'hash',
  'hint',
  'roles',
  'created_at',
  'expires_at',
  'revoked_at',
  'public_key',
] as const;

const KEYS: CredentialMapping<StoredKey> = {
  table: 'keys',
  columns: KEY_COLUMNS,
  toValues: (key) => [
    key.name,
    key.hash,
    key.hint,
    JSON.stringify(key.roles),
    key.createdAt,
    key.expiresAt ?? null,
    key.revokedAt ?? null,
    key.publicKey ?? null,
  ],
  fromRow: (row) => {
    const [expiresAt, revokedAt, publicKey] = [row['expires_at'], row['revoked_at'], row['public_key']].map(
      ifText,
    );
    return {
      name: text(row, 'name'),
      hash: text(row, 'hash'),
      hint: text(row, 'hint'),
      roles: texts(row, 'roles'),
      createdAt: text(row, 'created_at'),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(revokedAt === undefined ? {} : { revokedAt }),
      ...(publicKey === undefined ? {} : { publicKey }),
    };
  },
};

const AGENTS: CredentialMapping<StoredAgent> = {
  table: 'agents',
  columns: [...KEY_COLUMNS, 'code_hash', 'max_delegation_depth', 'allowed_delegators'],
  toValues: (agent) => [
    ...KEYS.toValues(agent),
    agent.codeHash,
    agent.maxDelegationDepth,
    JSON.stringify(agent.allowedDelegators),
  ],
  fromRow: (row) => ({
    ...KEYS.fromRow(row),
    codeHash: text(row, 'code_hash'),
    maxDelegationDepth: number(row, 'max_delegation_depth'),
    allowedDelegators: texts(row, 'allowed_delegators'),
  }),
};

function createCredentialTable<T>(
  database: SqliteDatabase,
  mapping: CredentialMapping<T>,
): CredentialTable<T> {
  const { table, columns } = mapping;
  const insert = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
  return {
    list: async () => database.all(`SELECT * FROM ${table} ORDER BY name`).map((row) => mapping.fromRow(row)),
    get: async (name) => {
      const row = database.get(`SELECT * FROM ${table} WHERE name = ?`, name);
      return row === undefined ? undefined : mapping.fromRow(row);
    },
    create: async (entry) => void database.run(insert, ...mapping.toValues(entry)),
    revoke: async (name, atIso) =>
      database.run(`UPDATE ${table} SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL`, atIso, name) >
      0,
  };
}

function createSecretTable(database: SqliteDatabase): SecretTable {
  return {
    list: async () =>
      database
        .all('SELECT name, updated_at FROM secrets ORDER BY name')
        .map((row) => ({ name: text(row, 'name'), updatedAt: text(row, 'updated_at') })),
    get: async (name) => {
      const sealed = database.get('SELECT sealed FROM secrets WHERE name = ?', name)?.['sealed'];
      return sealed instanceof Uint8Array ? sealed : undefined;
    },
    set: async (name, sealed, atIso) =>
      void database.run(
        `INSERT INTO secrets (name, sealed, updated_at) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`,
        name,
        sealed,
        atIso,
      ),
    delete: async (name) => database.run('DELETE FROM secrets WHERE name = ?', name) > 0,
  };
}

function createAnchorTable(database: SqliteDatabase): AuditAnchorTable {
  return {
    list: async () => database.all('SELECT * FROM audit_anchors ORDER BY writer').map(toAnchor),
    get: async (writer) => {
      const row = database.get('SELECT * FROM audit_anchors WHERE writer = ?', writer);
      return row === undefined ? undefined : toAnchor(row);
    },
    put: async (anchor) =>
      void database.runRelaxed(
        `INSERT INTO audit_anchors (writer, sequence, hash, pruned_sequence, pruned_hash) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (writer) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash,
           pruned_sequence = excluded.pruned_sequence, pruned_hash = excluded.pruned_hash
         WHERE excluded.sequence >= sequence AND excluded.pruned_sequence >= pruned_sequence`,
        anchor.writer,
        anchor.sequence,
        anchor.hash,
        anchor.prunedSequence,
        anchor.prunedHash,
      ),
  };
}

function toAnchor(row: Row): AuditAnchor {
  return {
    writer: text(row, 'writer'),
    sequence: number(row, 'sequence'),
    hash: text(row, 'hash'),
    prunedSequence: number(row, 'pruned_sequence'),
    prunedHash: text(row, 'pruned_hash'),
  };
}

// STRICT tables hold what their columns say; these readers only tell the type checker so.

function ifText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function text(row: Row | undefined, column: string): string {
  return String(row?.[column]);
}

function number(row: Row | undefined, column: string): number {
  return Number(row?.[column]);
}

function texts(row: Row, column: string): readonly string[] {
  const list: unknown = JSON.parse(text(row, column));
  return Array.isArray(list) ? list.map(String) : [];
}
