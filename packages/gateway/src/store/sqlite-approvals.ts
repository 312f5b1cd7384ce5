import type {
  AnswererKind,
  ApprovalStatus,
  ApprovalTable,
  NewApproval,
  StoredApproval,
} from './approval-table.ts';
import type { Row, SqliteDatabase } from './sqlite-database.ts';

const COLUMNS = [
  'id',
  'subject',
  'tenant',
  'principal',
  'delegation',
  'server',
  'kind',
  'name',
  'method',
  'digest',
  'policy',
  'rule',
  'shown',
  'whole',
  'created_at',
  'expires_at',
  'valid_seconds',
  'answerers',
] as const;

/** Takes one value, the moment. ISO texts of one form are in the order of time. */
const IS_CURRENT = `CASE status
  WHEN 'pending' THEN expires_at WHEN 'denied' THEN expires_at WHEN 'approved' THEN COALESCE(valid_until, '') ELSE '' END > ?`;

const INSERT = `INSERT INTO approvals (${COLUMNS.join(', ')}, status)
SELECT ${COLUMNS.map(() => '?').join(', ')}, 'pending'
WHERE NOT EXISTS (SELECT 1 FROM approvals WHERE subject = ? AND ${IS_CURRENT})
  AND (SELECT COUNT(*) FROM approvals WHERE status = 'pending' AND expires_at > ?) < ?
  AND (SELECT COUNT(*) FROM approvals WHERE status = 'pending' AND expires_at > ? AND tenant = ? AND principal = ?) < ?`;

export function createApprovalTable(database: SqliteDatabase): ApprovalTable {
  return {
    list: async (limit) =>
      database.all('SELECT * FROM approvals ORDER BY created_at DESC, id LIMIT ?', limit).map(fromRow),
    listPending: async (limit, atIso) =>
      database
        .all(
          `SELECT * FROM approvals WHERE status = 'pending' AND expires_at > ? ORDER BY created_at DESC, id LIMIT ?`,
          atIso,
          limit,
        )
        .map(fromRow),
    get: async (id) => ifRow(database.get('SELECT * FROM approvals WHERE id = ?', id)),
    ifCurrent: async (subject, atIso) =>
      ifRow(
        database.get(
          `SELECT * FROM approvals WHERE subject = ? AND ${IS_CURRENT} ORDER BY created_at DESC, id LIMIT 1`,
          subject,
          atIso,
        ),
      ),
    add: async (entry, { maxPending, maxPendingPerPrincipal }) => {
      const { subject, createdAt, tenant, principal } = entry;
      const total = [createdAt, maxPending] as const;
      const own = [createdAt, tenant, principal, maxPendingPerPrincipal] as const;
      return database.run(INSERT, ...toValues(entry), subject, createdAt, ...total, ...own) > 0;
    },
    answer: async (id, answer) =>
      database.run(
        `UPDATE approvals SET status = ?, answered_at = ?, answered_by = ?, valid_until = ?
         WHERE id = ? AND status = 'pending' AND expires_at > ?`,
        answer.status,
        answer.atIso,
        answer.by,
        answer.status === 'approved' ? answer.validUntilIso : null,
        id,
        answer.atIso,
      ) > 0,
    use: async (id, subject, atIso) =>
      database.run(
        `UPDATE approvals SET status = 'used', used_at = ?
         WHERE id = ? AND subject = ? AND status = 'approved' AND valid_until > ?`,
        atIso,
        id,
        subject,
        atIso,
      ) > 0,
    prune: async (beforeIso, keep, atIso) => {
      database.run('DELETE FROM approvals WHERE created_at < ?', beforeIso);
      database.run(
        `DELETE FROM approvals WHERE id IN (
           SELECT id FROM approvals WHERE NOT (${IS_CURRENT}) ORDER BY created_at DESC, id LIMIT -1 OFFSET ?)`,
        atIso,
        keep,
      );
    },
  };
}

function toValues(entry: NewApproval): readonly (string | number)[] {
  return [
    entry.id,
    entry.subject,
    entry.tenant,
    entry.principal,
    JSON.stringify(entry.delegation),
    entry.server,
    entry.kind,
    entry.name,
    entry.method,
    entry.digest,
    entry.policy,
    entry.rule,
    entry.shown,
    entry.whole ? 1 : 0,
    entry.createdAt,
    entry.expiresAt,
    entry.validSeconds,
    JSON.stringify(entry.answerers),
  ];
}

function ifRow(row: Row | undefined): StoredApproval | undefined {
  return row === undefined ? undefined : fromRow(row);
}

function fromRow(row: Row): StoredApproval {
  const text = (column: string): string => String(row[column]);
  return {
    id: text('id'),
    subject: text('subject'),
    tenant: text('tenant'),
    principal: text('principal'),
    delegation: texts(row['delegation']),
    server: text('server'),
    kind: kindOf(row['kind']),
    name: text('name'),
    method: text('method'),
    digest: text('digest'),
    policy: text('policy'),
    rule: text('rule'),
    shown: text('shown'),
    whole: row['whole'] === 1,
    createdAt: text('created_at'),
    expiresAt: text('expires_at'),
    validSeconds: Number(row['valid_seconds']),
    answerers: texts(row['answerers']).filter(isAnswererKind),
    status: statusOf(row['status']),
    ...ifSet('answeredAt', row['answered_at']),
    ...ifSet('answeredBy', row['answered_by']),
    ...ifSet('validUntil', row['valid_until']),
    ...ifSet('usedAt', row['used_at']),
  };
}

function ifSet<K extends string>(key: K, value: unknown): { readonly [key in K]?: string } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a computed key widens to string
  return (typeof value === 'string' ? { [key]: value } : {}) as { readonly [key in K]?: string };
}

function texts(value: unknown): readonly string[] {
  const list: unknown = JSON.parse(String(value));
  return Array.isArray(list) ? list.map(String) : [];
}

function isAnswererKind(value: unknown): value is AnswererKind {
  return value === 'caller' || value === 'operator';
}

function kindOf(value: unknown): StoredApproval['kind'] {
  return value === 'prompt' || value === 'resource' ? value : 'tool';
}

/** A status that is not known is no approval. */
function statusOf(value: unknown): ApprovalStatus {
  return value === 'pending' || value === 'approved' || value === 'used' ? value : 'denied';
}
