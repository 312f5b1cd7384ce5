import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { AuditError } from './audit-log.ts';

const SQLITE_BUSY = 5;
const RETRY_MS = 25;

/**
 * Lets one process at a time write into a folder.
 *
 * The lock is that of an SQLite transaction on an empty file: the operating system gives it back the moment its holder dies, however that happens, so there is
 * no stale lock to judge and no process id that another process (or container) may have by now.
 *
 * @param timeoutMs How long to wait for the present holder.
 * @returns Dispose of it to let the next one in.
 * @throws {AuditError} `AUDIT_LOCKED` when it is still held, `AUDIT_UNWRITABLE` when the file cannot be locked.
 */
export async function lockWriter(folder: string, timeoutMs: number): Promise<Disposable> {
  const database = openLockFile(join(folder, 'lock'));
  const deadline = performance.now() + timeoutMs;
  try {
    while (!tryLock(database)) {
      if (performance.now() >= deadline) {
        throw new AuditError(
          'AUDIT_LOCKED',
          `Another process writes the audit log in ${folder}, waited ${timeoutMs} ms`,
        );
      }
      await delay(RETRY_MS);
    }
  } catch (error) {
    database.close();
    if (error instanceof AuditError) throw error;
    throw new AuditError('AUDIT_UNWRITABLE', `Audit folder ${folder} cannot be locked`, { cause: error });
  }
  return { [Symbol.dispose]: () => database.close() };
}

function openLockFile(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw new AuditError('AUDIT_UNWRITABLE', `Audit lock ${path} cannot be opened`, { cause: error });
  }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    // Nothing is ever written, so no journal is needed either.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
