export { openStore } from './open-store.ts';
export { openSqliteStore } from './sqlite-store.ts';
export { StoreError } from './store.ts';
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
