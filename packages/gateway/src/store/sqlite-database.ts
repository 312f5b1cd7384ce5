import { closeSync, fchmodSync, openSync, statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { MIGRATIONS, type Migration } from './migrations.ts';
import { StoreError } from './store.ts';

const BUSY_TIMEOUT_MS = 5000;

/** Primary result codes of SQLite, https://www.sqlite.org/rescode.html */
const SQLITE_CONSTRAINT = 19;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

export type Row = Readonly<Record<string, SQLOutputValue>>;

/**
 * One SQLite file, opened, checked and migrated, with prepared statements kept. Every failure leaves as a `StoreError`; a broken uniqueness
 * rule is `STORE_CONFLICT`, everything else `STORE_UNAVAILABLE`.
 */
export class SqliteDatabase implements Disposable {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #inode: number;

  constructor(path: string, migrations: readonly Migration[] = MIGRATIONS) {
    this.path = path;
    this.#database = openFile(path);
    this.#inode = statSync(path).ino;
    try {
      this.#guard('opened', () => {
        this.#checkIntegrity();
        this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
        this.#migrate(migrations);
      });
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  all(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return this.#guard('read', () => this.#prepare(sql).all(...values));
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#guard('read', () => this.#prepare(sql).get(...values));
  }

  /** Returns the number of rows changed; the change is on disk. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#guard('written', () => Number(this.#prepare(sql).run(...values).changes));
  }

  /** As `run`, but a power loss may undo the change: for what is written often and can be older without harm. Never waits for the disk. */
  runRelaxed(sql: string, ...values: SQLInputValue[]): number {
    return this.#guard('written', () => {
      this.#database.exec('PRAGMA synchronous = NORMAL');
      try {
        return Number(this.#prepare(sql).run(...values).changes);
      } finally {
        this.#database.exec('PRAGMA synchronous = FULL');
      }
    });
  }

  /**
   * Checks that the path still leads to the open file. What is written to a file that was removed or replaced is lost with it, and what others change in its
   * place is never seen here.
   *
   * @throws {StoreError} `STORE_UNAVAILABLE`
   */
  checkPlace(): void {
    if (statSync(this.path, { throwIfNoEntry: false })?.ino !== this.#inode) {
      throw new StoreError(
        'STORE_UNAVAILABLE',
        `${this.path} was removed or replaced while it was in use; put it back and restart the gateway`,
      );
    }
  }

  /** Runs `action` as one step: when this returns all of its changes are on disk, and when it throws there are none. */
  transaction<T>(action: () => T): T {
    this.#guard('written', () => {
      this.#database.exec('BEGIN IMMEDIATE');
    });
    try {
      const result = action();
      this.#guard('written', () => {
        this.#database.exec('COMMIT');
      });
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #checkIntegrity(): void {
    const result = this.#database.prepare('PRAGMA quick_check(1)').get();
    const verdict = result?.['quick_check'];
    if (verdict !== 'ok') {
      throw new StoreError('STORE_UNAVAILABLE', damaged(this.path), { cause: new Error(String(verdict)) });
    }
  }

  #migrate(migrations: readonly Migration[]): void {
    const newest = migrations.at(-1)?.version ?? 0;
    if (this.#version(newest) === newest) return;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      // Read again: another process may have migrated while this one waited for the lock.
      const current = this.#version(newest);
      for (const { version, sql } of migrations) {
        if (version > current) this.#database.exec(`${sql}; PRAGMA user_version = ${version}`);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #version(newest: number): number {
    const version = Number(this.#database.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version > newest) {
      throw new StoreError(
        'STORE_TOO_NEW',
        `${this.path} was written by a newer version (schema ${version}, this one knows ${newest}); upgrade, or restore a backup`,
      );
    }
    return version;
  }

  #guard<T>(what: string, action: () => T): T {
    if (!this.#database.isOpen) throw new StoreError('STORE_UNAVAILABLE', `Store ${this.path} is closed`);
    try {
      return action();
    } catch (error) {
      if (error instanceof StoreError) throw error;
      const code = resultCode(error);
      if (code === SQLITE_CONSTRAINT)
        throw new StoreError('STORE_CONFLICT', 'An entry with this name or value exists', { cause: error });
      const message =
        code === SQLITE_CORRUPT || code === SQLITE_NOTADB
          ? damaged(this.path)
          : `Store ${this.path} cannot be ${what}`;
      throw new StoreError('STORE_UNAVAILABLE', message, { cause: error });
    }
  }
}

function openFile(path: string): DatabaseSync {
  try {
    // SQLite gives its side files the mode of the main file, so the main file is made first.
    const descriptor = openSync(path, 'a', 0o600);
    try {
      fchmodSync(descriptor, 0o600);
    } finally {
      closeSync(descriptor);
    }
    return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  } catch (error) {
    throw new StoreError('STORE_UNAVAILABLE', `Store ${path} cannot be opened`, { cause: error });
  }
}

function resultCode(error: unknown): number | undefined {
  // The low byte of an extended result code is the primary one.
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;
}

function damaged(path: string): string {
  return `Store ${path} is damaged; move it away and restore a backup, or start without one and issue keys again`;
}
