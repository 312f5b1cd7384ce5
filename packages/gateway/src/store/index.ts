export { openStore } from './open-store.ts';
export { openSqliteStore } from './sqlite-store.ts';
export { StoreError } from './store.ts';
export type {
  AnswererKind,
  ApprovalBounds,
  ApprovalStatus,
  ApprovalTable,
  NewApproval,
  StoredAnswer,
  StoredApproval,
} from './approval-table.ts';
export type {
  DefinitionKey,
  DefinitionKind,
  HeldChange,
  HeldReason,
  Pin,
  PinChange,
  PinnedServer,
  PinTable,
  WithDefinition,
} from './pin-table.ts';
export type {
  AuditAnchor,
  AuditAnchorTable,
  CredentialTable,
  SecretTable,
  Store,
  StoreErrorCode,
  StoredAgent,
  StoredKey,
} from './store.ts';
