import type { EngineSession } from '@smcp/sandbox';

/** For whom a session is used. */
export interface SessionContext {
  /** Equal for executions that may share state, and for no others. Any text. */
  readonly owner: string;
  readonly tenant: string;
  /** Id of the principal, for those who look after sessions. */
  readonly principal: string;
}

/**
 * One execution's hold on a session; nobody else gets it until this is disposed of. Disposing of it twice does nothing.
 *
 * What the execution learns about the session is written into `memory`, which lasts as long as its variables do.
 */
export interface SessionUse extends AsyncDisposable {
  readonly name: string;
  /** Where the script runs. */
  readonly engine: EngineSession;
  /** Whether this execution is the first of the session. */
  readonly isNew: boolean;
  /** Said when there was one of this name before and what it kept is gone. */
  readonly note: string | undefined;
  readonly memory: SessionMemory;
  /** After the run: what the caller has to be told when the session did not survive it. */
  lost(): string | undefined;
}

/** What is known about the variables of a session without looking at them. */
export interface SessionMemory {
  /** Declarations of earlier runs, for the checker. */
  earlier: string;
  /** Names of the servers that were loaded. */
  readonly servers: Set<string>;
}
