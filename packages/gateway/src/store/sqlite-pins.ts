import type {
  DefinitionKey,
  DefinitionKind,
  HeldChange,
  HeldReason,
  Pin,
  PinChange,
  PinnedServer,
  PinTable,
} from './pin-table.ts';
import type { Row, SqliteDatabase } from './sqlite-database.ts';

const PIN_COLUMNS = 'server, kind, name, digest, first_seen_at, accepted_at, accepted_by';
const HELD_COLUMNS = 'server, kind, name, reason, pinned_digest, seen_digest, seen_at';

const PUT_SERVER = `INSERT INTO pinned_servers (server, version, identity, lists, first_seen_at, accepted_at, accepted_by)
VALUES (?, 0, ?, ?, ?, ?, ?)
ON CONFLICT (server) DO UPDATE SET identity = excluded.identity, lists = excluded.lists,
  accepted_at = excluded.accepted_at, accepted_by = excluded.accepted_by`;

const PUT_PIN = `INSERT INTO pins (server, kind, name, digest, definition, first_seen_at, accepted_at, accepted_by)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (server, kind, name) DO UPDATE SET digest = excluded.digest, definition = excluded.definition,
  accepted_at = excluded.accepted_at, accepted_by = excluded.accepted_by`;

const PUT_HELD = `INSERT INTO held_definitions (server, kind, name, reason, pinned_digest, seen_digest, definition, seen_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (server, kind, name) DO UPDATE SET reason = excluded.reason, pinned_digest = excluded.pinned_digest,
  seen_digest = excluded.seen_digest, definition = excluded.definition, seen_at = excluded.seen_at`;

/** The revision grows with every write here, so no version is ever given twice, not even after a server was forgotten. */
const NEXT_VERSION = 'UPDATE pinned_servers SET version = (SELECT value + 1 FROM revision) WHERE server = ?';

export function createPinTable(database: SqliteDatabase): PinTable {
  const serverRow = (server: string): PinnedServer | undefined => {
    const row = database.get('SELECT * FROM pinned_servers WHERE server = ?', server);
    return row === undefined ? undefined : toServer(row);
  };
  const definition = (table: string, server: string, { kind, name }: DefinitionKey): string | undefined => {
    const row = database.get(
      `SELECT definition FROM ${table} WHERE server = ? AND kind = ? AND name = ?`,
      server,
      kind,
      name,
    );
    return ifText(row?.['definition']);
  };
  return {
    servers: async () => database.all('SELECT * FROM pinned_servers ORDER BY server').map(toServer),
    server: async (server) => serverRow(server),
    pins: async (server) =>
      database.all(`SELECT ${PIN_COLUMNS} FROM pins WHERE server = ? ORDER BY kind, name`, server).map(toPin),
    held: async (server) =>
      (server === undefined
        ? database.all(`SELECT ${HELD_COLUMNS} FROM held_definitions ORDER BY server, kind, name`)
        : database.all(
            `SELECT ${HELD_COLUMNS} FROM held_definitions WHERE server = ? ORDER BY kind, name`,
            server,
          )
      ).map(toHeld),
    countHeld: async () => Number(database.get('SELECT COUNT(*) AS held FROM held_definitions')?.['held']),
    pinnedDefinition: async (server, key) => definition('pins', server, key),
    heldDefinition: async (server, key) => definition('held_definitions', server, key),
    write: async (server, change) =>
      database.transaction(() => {
        const known = serverRow(server);
        if ((known?.version ?? 0) !== change.basis) return undefined;
        applyChange(database, server, change);
        return serverRow(server)?.version ?? 0;
      }),
  };
}

function applyChange(database: SqliteDatabase, server: string, change: PinChange): void {
  const { reset = false, identity, pins = [], hold = [], release = [] } = change;
  if (reset) {
    database.run('DELETE FROM held_definitions WHERE server = ?', server);
    removeOthers(database, server, pins);
  }
  if (identity !== undefined) {
    const { firstSeenAt, acceptedAt = null, acceptedBy = null } = identity;
    const lists = JSON.stringify(identity.lists);
    database.run(PUT_SERVER, server, identity.identity, lists, firstSeenAt, acceptedAt, acceptedBy);
  } else if (reset) {
    database.run('DELETE FROM pinned_servers WHERE server = ?', server);
  }
  for (const pin of pins) {
    const { kind, name, digest, definition, firstSeenAt, acceptedAt = null, acceptedBy = null } = pin;
    database.run(PUT_PIN, server, kind, name, digest, definition, firstSeenAt, acceptedAt, acceptedBy);
  }
  for (const held of hold) {
    const { kind, name, reason, pinnedDigest = null, seenDigest, definition, seenAt } = held;
    database.run(PUT_HELD, server, kind, name, reason, pinnedDigest, seenDigest, definition, seenAt);
  }
  for (const { kind, name } of release) {
    database.run(
      'DELETE FROM held_definitions WHERE server = ? AND kind = ? AND name = ?',
      server,
      kind,
      name,
    );
  }
  if (identity !== undefined || pins.length > 0) {
    database.run(NEXT_VERSION, server);
  }
}

function removeOthers(database: SqliteDatabase, server: string, kept: readonly DefinitionKey[]): void {
  const keys = new Set(kept.map(({ kind, name }) => `${kind} ${name}`));
  for (const row of database.all('SELECT kind, name FROM pins WHERE server = ?', server)) {
    const [kind, name] = [text(row, 'kind'), text(row, 'name')];
    if (!keys.has(`${kind} ${name}`)) {
      database.run('DELETE FROM pins WHERE server = ? AND kind = ? AND name = ?', server, kind, name);
    }
  }
}

function toServer(row: Row): PinnedServer {
  const lists: unknown = JSON.parse(text(row, 'lists'));
  return {
    server: text(row, 'server'),
    version: Number(row['version']),
    identity: text(row, 'identity'),
    lists: Array.isArray(lists) ? lists.filter(isKind) : [],
    firstSeenAt: text(row, 'first_seen_at'),
    ...accepted(row),
  };
}

function toPin(row: Row): Pin {
  return {
    server: text(row, 'server'),
    kind: kindOf(row),
    name: text(row, 'name'),
    digest: text(row, 'digest'),
    firstSeenAt: text(row, 'first_seen_at'),
    ...accepted(row),
  };
}

function toHeld(row: Row): HeldChange {
  const pinnedDigest = ifText(row['pinned_digest']);
  return {
    server: text(row, 'server'),
    kind: row['kind'] === 'server' ? 'server' : kindOf(row),
    name: text(row, 'name'),
    reason: reasonOf(row),
    ...(pinnedDigest === undefined ? {} : { pinnedDigest }),
    seenDigest: text(row, 'seen_digest'),
    seenAt: text(row, 'seen_at'),
  };
}

function accepted(row: Row): Pick<Pin, 'acceptedAt' | 'acceptedBy'> {
  const [acceptedAt, acceptedBy] = [ifText(row['accepted_at']), ifText(row['accepted_by'])];
  return {
    ...(acceptedAt === undefined ? {} : { acceptedAt }),
    ...(acceptedBy === undefined ? {} : { acceptedBy }),
  };
}

const REASONS: ReadonlySet<string> = new Set<HeldReason>([
  'not_pinned',
  'server_changed',
  'server_renamed',
  'version_changed',
  'changed',
  'new',
  'too_large',
  'too_deep',
  'too_many',
]);

function isReason(value: string): value is HeldReason {
  return REASONS.has(value);
}

/** A reason that is not known is held like any change. */
function reasonOf(row: Row): HeldReason {
  const reason = text(row, 'reason');
  return isReason(reason) ? reason : 'changed';
}

function isKind(value: unknown): value is DefinitionKind {
  return value === 'tool' || value === 'prompt';
}

function kindOf(row: Row): DefinitionKind {
  return row['kind'] === 'prompt' ? 'prompt' : 'tool';
}

function ifText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function text(row: Row, column: string): string {
  return String(row[column]);
}
