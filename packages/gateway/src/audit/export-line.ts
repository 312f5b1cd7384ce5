import type { AuditRecord } from './audit-log.ts';

/**
 * One record for another system: a flat JSON object on one line, without newline. The entry's own members, after `audit`, which says where the record stands
 * (`writer`, `seq`, `hash`, `prev`) so that exports can be compared with the log later.
 */
export function toExportLine({ writer, seq, hash, prev, entry }: AuditRecord): string {
  return JSON.stringify({ audit: { writer, seq, hash, prev }, ...entry });
}
