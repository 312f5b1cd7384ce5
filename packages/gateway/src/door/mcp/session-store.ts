import { randomBytes } from 'node:crypto';
import type { Principal } from '@smcp/policy';
import { McpSession, type MayHear } from './mcp-session.ts';

const SWEEP_MS = 1000;
const ID_BYTES = 24;

export interface SessionLimits {
  readonly idleMs: number;
  readonly max: number;
  readonly maxPerPrincipal: number;
}

export interface SessionStoreOptions {
  readonly limits: () => SessionLimits;
  readonly now: () => number;
  /** False once a principal may no longer use what it has open. */
  readonly isCurrent: (principal: Principal) => boolean;
  readonly mayHear: MayHear;
  readonly onEnd: (session: McpSession) => void;
}

/** All open MCP sessions. Ids have 192 random bits and are no authentication: a session answers only its own principal. */
export class SessionStore implements Disposable {
  readonly #options: SessionStoreOptions;
  readonly #sessions = new Map<string, McpSession>();
  readonly #perPrincipal = new Map<string, number>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(options: SessionStoreOptions) {
    this.#options = options;
    this.#sweeper = setInterval(() => {
      this.#sweep();
    }, SWEEP_MS).unref();
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** False once a principal may no longer use what it has open. */
  isCurrent(principal: Principal): boolean {
    return this.#options.isCurrent(principal);
  }

  /** Opens a session, or says that there is no room. A principal at its own limit loses its longest unused idle session. */
  open(principal: Principal, endpoint: string, protocolVersion: string): McpSession | undefined {
    const { max, maxPerPrincipal } = this.#options.limits();
    if (
      (this.#perPrincipal.get(principal.id) ?? 0) >= maxPerPrincipal &&
      !this.#endOldestIdle(principal.id)
    ) {
      return undefined;
    }
    if (this.#sessions.size >= max) {
      return undefined;
    }
    const id = `ses-${randomBytes(ID_BYTES).toString('base64url')}`;
    const { mayHear, now } = this.#options;
    const session = new McpSession({ id, endpoint, protocolVersion, principal, now: now(), mayHear });
    this.#sessions.set(id, session);
    this.#perPrincipal.set(principal.id, (this.#perPrincipal.get(principal.id) ?? 0) + 1);
    return session;
  }

  /** The session, when it exists at this endpoint and belongs to this principal. */
  find(id: string, endpoint: string, principal: Principal): McpSession | undefined {
    const session = this.#sessions.get(id);
    if (session?.endpoint !== endpoint || !session.belongsTo(principal)) {
      return undefined;
    }
    session.lastUsed = this.#options.now();
    session.principalNow = principal;
    // Keeps the map in the order of use, so that the oldest come first.
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    return session;
  }

  end(session: McpSession): void {
    if (this.#sessions.delete(session.id)) {
      const count = (this.#perPrincipal.get(session.principalNow.id) ?? 1) - 1;
      if (count === 0) {
        this.#perPrincipal.delete(session.principalNow.id);
      } else {
        this.#perPrincipal.set(session.principalNow.id, count);
      }
      session.end();
      this.#options.onEnd(session);
    }
  }

  all(): Iterable<McpSession> {
    return this.#sessions.values();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweeper);
    for (const session of this.#sessions.values()) {
      this.end(session);
    }
  }

  #endOldestIdle(principal: string): boolean {
    for (const session of this.#sessions.values()) {
      if (session.principalNow.id === principal && !session.busy) {
        this.end(session);
        return true;
      }
    }
    return false;
  }

  #sweep(): void {
    const oldest = this.#options.now() - this.#options.limits().idleMs;
    for (const session of this.#sessions.values()) {
      if ((!session.busy && session.lastUsed < oldest) || !this.#options.isCurrent(session.principalNow)) {
        this.end(session);
      }
    }
  }
}
