import { SandboxError, type ScriptEngine } from '@smcp/sandbox';
import { CodeModeError } from '../code-mode-error.ts';
import type { CodeModeSettings } from '../settings.ts';
import { PastSessions, type SessionEnd } from './past-sessions.ts';
import { ScriptSession } from './script-session.ts';
import type { SessionInfo } from './session-info.ts';
import { sessionKey } from './session-key.ts';
import { checkRoom, type SessionCounts } from './session-limits.ts';
import { checkSessionName } from './session-name.ts';
import type { SessionContext, SessionUse } from './session-use.ts';

const SWEEP_MS = 5000;

export interface ScriptSessionsOptions {
  readonly engine: Pick<ScriptEngine, 'open'>;
  readonly settings: CodeModeSettings['sessions'];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How often it is looked for sessions that are over. Default 5 s. */
  readonly sweepMs?: number | undefined;
  /** Told of each session that has ended, before another of its name can begin. Must not throw. */
  readonly onEnd?: ((owner: string, name: string) => void) | undefined;
}

/** Which sessions; a member that is absent takes all. */
export interface SessionFilter {
  readonly tenant?: string | undefined;
  /** Id of the principal, as in `SessionInfo`. */
  readonly owner?: string | undefined;
  readonly name?: string | undefined;
}

/**
 * Named sessions, whose variables outlive an execution. A session is its owner's: under every other owner the same name is another session, and nobody can
 * tell whether it exists. Nothing of what scripts hold can be read here.
 *
 * A session ends when it gets too old, is not used for too long, is ended, or one of its runs hits a limit; each of these disposes of the process that it
 * runs in. An end by age waits for the run under way, all others stop it.
 */
export class ScriptSessions implements AsyncDisposable {
  readonly #options: ScriptSessionsOptions;
  readonly #sessions = new Map<string, ScriptSession>();
  readonly #past = new PastSessions();
  readonly #sweeper: NodeJS.Timeout;
  #closed = false;

  constructor(options: ScriptSessionsOptions) {
    this.#options = options;
    this.#sweeper = setInterval(() => {
      void this.sweep();
    }, options.sweepMs ?? SWEEP_MS);
    this.#sweeper.unref();
  }

  /**
   * Takes a session for one execution; makes it when there is none.
   *
   * @throws {CodeModeError} `ARGUMENT_INVALID` for the name, `SESSION_BUSY` while another execution has it, `SESSION_LIMIT`, `SESSION_UNKNOWN` when it was
   *   ended before it was open.
   * @throws {SandboxError} When no place to run in can be opened, and `CLOSED` once these sessions have been closed.
   */
  async use(context: SessionContext, name: string, signal?: AbortSignal): Promise<SessionUse> {
    checkSessionName(name);
    if (this.#closed) throw new SandboxError('CLOSED', 'Script sessions have been closed');
    const key = sessionKey(context.owner, name);
    const known = this.#ifLasting(key);
    if (known?.running === true) {
      throw new CodeModeError(
        'SESSION_BUSY',
        `Session "${name}" runs another script. Wait until it has ended, or use another session name for what is to run at the same time`,
      );
    }
    if (known?.engine !== undefined) {
      known.running = true;
      return this.#hold(known);
    }
    return this.#open(key, context, name, signal);
  }

  /** Those that last, in the order of their making. */
  list(filter: SessionFilter = {}): readonly SessionInfo[] {
    return this.#matching(filter).map((session) => session.info());
  }

  /** @throws {CodeModeError} `SESSION_UNKNOWN`, also for a session of another owner. */
  inspect(owner: string, name: string): SessionInfo {
    const session = this.#ifLasting(sessionKey(owner, name));
    if (session === undefined) {
      throw new CodeModeError('SESSION_UNKNOWN', `There is no session ${JSON.stringify(name.slice(0, 64))}`);
    }
    return session.info();
  }

  /** Ends a session and stops what runs in it. Gives whether there was one. */
  async end(owner: string, name: string): Promise<boolean> {
    const session = this.#ifLasting(sessionKey(owner, name));
    return session !== undefined && (await this.#endAll([session], 'ended')) > 0;
  }

  /** Ends all sessions of an owner: it was revoked, or logged out. Gives how many there were. */
  endAll(owner: string): Promise<number> {
    const own = [...this.#sessions.values()].filter((session) => session.context.owner === owner);
    return this.#endAll(own, 'ended');
  }

  /** Ends sessions for those who look after them. Gives how many there were. */
  endMatching(filter: SessionFilter): Promise<number> {
    return this.#endAll(this.#matching(filter), 'ended');
  }

  /** Ends what is over by now; done by itself every few seconds. */
  async sweep(): Promise<void> {
    const over = [...this.#sessions.values()].filter((session) => session.ifOver() !== undefined);
    await this.#endAll(over);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    await this.#endAll([...this.#sessions.values()], 'ended');
  }

  async #open(
    key: string,
    context: SessionContext,
    name: string,
    signal: AbortSignal | undefined,
  ): Promise<SessionUse> {
    const { engine, settings, now } = this.#options;
    const closing = this.sweep();
    checkRoom(this.#count(context), settings);
    const session = new ScriptSession({ context, name, now, ...settings });
    // The place is taken before anything is waited for, so that no number of requests at once gets past the limits.
    this.#sessions.set(key, session);
    try {
      await closing;
      session.engine = await engine.open({ owner: context.owner, persistent: true, signal });
    } catch (error) {
      this.#forget(session);
      throw error;
    }
    if (session.end !== undefined) {
      await session.close(session.end);
      throw new CodeModeError('SESSION_UNKNOWN', `Session "${name}" was ended before it was open`);
    }
    return this.#hold(session, this.#past.takeNote(key, name));
  }

  #hold(session: ScriptSession, note?: string): SessionUse {
    const engine = session.engine;
    if (engine === undefined) throw new SandboxError('CLOSED', `Session "${session.name}" has been ended`);
    session.executions += 1;
    session.touch();
    let released = false;
    const release = async (): Promise<void> => {
      if (released) return;
      released = true;
      session.running = false;
      session.touch();
      if (session.end === undefined && session.ifOver() !== undefined) await this.#endAll([session]);
    };
    return {
      name: session.name,
      engine,
      isNew: session.executions === 1,
      note,
      memory: session.memory,
      lost: () =>
        engine.alive && session.end === undefined
          ? undefined
          : `The session "${session.name}" has ended: its variables are gone. The next use of this name starts a new one`,
      [Symbol.asyncDispose]: release,
    };
  }

  /** The session of this key, unless it is over. */
  #ifLasting(key: string): ScriptSession | undefined {
    const session = this.#sessions.get(key);
    return session?.ifOver() === undefined ? session : undefined;
  }

  #matching({ tenant, owner, name }: SessionFilter): readonly ScriptSession[] {
    return [...this.#sessions.values()].filter(
      (session) =>
        session.ifOver() === undefined &&
        (tenant === undefined || session.context.tenant === tenant) &&
        (owner === undefined || session.context.principal === owner) &&
        (name === undefined || session.name === name),
    );
  }

  #count(context: SessionContext): SessionCounts {
    const all = [...this.#sessions.values()];
    return {
      own: all.filter((other) => other.context.owner === context.owner).map((other) => other.name),
      tenant: all.filter((other) => other.context.tenant === context.tenant).length,
      all: all.length,
    };
  }

  /** Forgets the sessions at once, then waits until their processes have ended. One that cannot be ended keeps none of the others. */
  async #endAll(sessions: readonly ScriptSession[], end?: SessionEnd): Promise<number> {
    const closing = sessions.map((session) => {
      const why = session.ifOver() ?? end ?? 'ended';
      this.#forget(session);
      this.#past.remember(keyOf(session), why);
      this.#options.onEnd?.(session.context.owner, session.name);
      return session.close(why);
    });
    await Promise.allSettled(closing);
    return sessions.length;
  }

  #forget(session: ScriptSession): void {
    const key = keyOf(session);
    // A new session of the same name may be there already.
    if (this.#sessions.get(key) === session) this.#sessions.delete(key);
  }
}

function keyOf(session: ScriptSession): string {
  return sessionKey(session.context.owner, session.name);
}
