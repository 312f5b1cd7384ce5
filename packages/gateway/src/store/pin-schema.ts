/** Tables of pinned definitions. Only `pinned_servers` counts as a change of the store: its version grows with every change to a server's pins. */
export const PIN_SCHEMA = `
CREATE TABLE pinned_servers (
  server TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  identity TEXT NOT NULL,
  lists TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  accepted_at TEXT,
  accepted_by TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE pins (
  server TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  definition TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  accepted_at TEXT,
  accepted_by TEXT,
  PRIMARY KEY (server, kind, name),
  FOREIGN KEY (server) REFERENCES pinned_servers (server)
) STRICT;
CREATE TABLE held_definitions (
  server TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  pinned_digest TEXT,
  seen_digest TEXT NOT NULL,
  definition TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  PRIMARY KEY (server, kind, name)
) STRICT;`;
