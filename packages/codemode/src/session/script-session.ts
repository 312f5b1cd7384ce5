import type { EngineSession } from '@smcp/sandbox';
import type { SessionInfo } from './session-info.ts';
import type { SessionEnd } from './past-sessions.ts';
import type { SessionContext, SessionMemory } from './session-use.ts';

const SECOND_MS = 1000;

export interface ScriptSessionOptions {
  readonly context: SessionContext;
  readonly name: string;
  readonly ttlSeconds: number;
  readonly idleSeconds: number;
  readonly now: () => number;
}

/** One named session: first being opened, then free or running, at last ended for good. */
export class ScriptSession {
  readonly context: SessionContext;
  readonly name: string;
  readonly memory: SessionMemory = { earlier: '', servers: new Set() };
  engine: EngineSession | undefined;
  running = true;
  executions = 0;
  /** Why it ended; undefined while it lasts. */
  end: SessionEnd | undefined;
  readonly #now: () => number;
  readonly #createdAt: number;
  readonly #expiresAt: number;
  readonly #idleMs: number;
  #lastUsedAt: number;

  constructor({ context, name, ttlSeconds, idleSeconds, now }: ScriptSessionOptions) {
    this.context = context;
    this.name = name;
    this.#now = now;
    this.#createdAt = now();
    this.#lastUsedAt = this.#createdAt;
    this.#expiresAt = this.#createdAt + ttlSeconds * SECOND_MS;
    this.#idleMs = idleSeconds * SECOND_MS;
  }

  touch(): void {
    this.#lastUsedAt = this.#now();
  }

  /** Why it has to end now; a run under way is let finish first. */
  ifOver(): SessionEnd | undefined {
    if (this.end !== undefined) return this.end;
    if (this.running) return undefined;
    if (this.engine?.alive === false) return 'died';
    const now = this.#now();
    if (now >= this.#expiresAt) return 'expired';
    return now >= this.#lastUsedAt + this.#idleMs ? 'idle' : undefined;
  }

  /** Ends what the session runs in. Done once; a failure of that has no one to be told. */
  async close(end: SessionEnd): Promise<void> {
    this.end ??= end;
    const engine = this.engine;
    this.engine = undefined;
    await engine?.[Symbol.asyncDispose]();
  }

  info(): SessionInfo {
    return {
      name: this.name,
      tenant: this.context.tenant,
      owner: this.context.principal,
      createdAt: this.#createdAt,
      lastUsedAt: this.#lastUsedAt,
      expiresAt: this.#expiresAt,
      idleExpiresAt: Math.min(this.#expiresAt, this.#lastUsedAt + this.#idleMs),
      executions: this.executions,
      running: this.running,
    };
  }
}
