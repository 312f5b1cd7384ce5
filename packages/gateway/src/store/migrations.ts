import { PIN_SCHEMA } from './pin-schema.ts';
import { SAVED_SCRIPT_SCHEMA } from './saved-script-schema.ts';

export interface Migration {
  /** Schema version reached by this step; versions count from 1 without gaps. */
  readonly version: number;
  readonly sql: string;
}

const CREDENTIAL_COLUMNS = `
  name TEXT NOT NULL PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  roles TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT,
  revoked_at TEXT,
  public_key TEXT`;

/** The revision is kept by the database itself, so that no writer, not even an operator with a shell, can forget it. */
function countChanges(table: string): string {
  return ['INSERT', 'UPDATE', 'DELETE']
    .map(
      (event) => `
CREATE TRIGGER ${table}_${event.toLowerCase()} AFTER ${event} ON ${table}
BEGIN UPDATE revision SET value = value + 1; END;`,
    )
    .join('');
}

/** Steps of the SQLite schema, oldest first. A released step is never edited; a change is a new step. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE revision (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL) STRICT;
INSERT INTO revision (id, value) VALUES (1, 1);
CREATE TABLE keys (${CREDENTIAL_COLUMNS}) STRICT, WITHOUT ROWID;
CREATE TABLE agents (${CREDENTIAL_COLUMNS},
  code_hash TEXT NOT NULL,
  max_delegation_depth INTEGER NOT NULL,
  allowed_delegators TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE secrets (name TEXT NOT NULL PRIMARY KEY, sealed BLOB NOT NULL, updated_at TEXT NOT NULL) STRICT;
CREATE TABLE audit_anchors (
  writer TEXT NOT NULL PRIMARY KEY,
  sequence INTEGER NOT NULL,
  hash TEXT NOT NULL,
  pruned_sequence INTEGER NOT NULL,
  pruned_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
${['keys', 'agents', 'secrets'].map(countChanges).join('')}`,
  },
  {
    version: 2,
    sql: `
CREATE TABLE approvals (
  id TEXT NOT NULL PRIMARY KEY,
  subject TEXT NOT NULL,
  tenant TEXT NOT NULL,
  principal TEXT NOT NULL,
  delegation TEXT NOT NULL,
  server TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  method TEXT NOT NULL,
  digest TEXT NOT NULL,
  policy TEXT NOT NULL,
  rule TEXT NOT NULL,
  shown TEXT NOT NULL,
  whole INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  valid_seconds INTEGER NOT NULL,
  answerers TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'denied', 'used')),
  answered_at TEXT,
  answered_by TEXT,
  valid_until TEXT,
  used_at TEXT
) STRICT;
CREATE INDEX approvals_by_subject ON approvals (subject);
CREATE INDEX approvals_by_status ON approvals (status, expires_at);
CREATE INDEX approvals_by_age ON approvals (created_at);`,
  },
  { version: 3, sql: `${PIN_SCHEMA}${countChanges('pinned_servers')}` },
  { version: 4, sql: `${SAVED_SCRIPT_SCHEMA}${countChanges('saved_scripts')}` },
];
