export { AuditError } from './audit-log.ts';
export type {
  AuditEntry,
  AuditErrorCode,
  AuditLog,
  AuditRecord,
  AuthEntry,
  CallEntry,
  CallFacts,
  CheckpointEntry,
  OutcomeEntry,
  QuestionCounts,
  RecordedEntry,
  RefusalEntry,
  SerializedAuditLog,
  SystemEntry,
} from './audit-log.ts';
export { openAuditLog } from './open-audit-log.ts';
export type { AuditLogOptions } from './open-audit-log.ts';
export type { AuditSettings } from './audit-writer.ts';
export { digestArguments } from './record.ts';
export { verifyAudit } from './verify-audit.ts';
export type { AuditVerdict, VerifyOptions, WriterVerdict } from './verify-audit.ts';
export type { AuditProblem, AuditProblemCode } from './chain-check.ts';
export { readAudit } from './read-audit.ts';
export type { ReadAuditOptions } from './read-audit.ts';
export type { AuditFilter } from './audit-filter.ts';
export { joinCalls } from './join-calls.ts';
export type { CallSummary } from './join-calls.ts';
export { callTree, type CallTree } from './call-tree.ts';
export { toExportLine } from './export-line.ts';
export { createRedactor } from './redact/redactor.ts';
export type { Redactor, RedactorOptions } from './redact/redactor.ts';
