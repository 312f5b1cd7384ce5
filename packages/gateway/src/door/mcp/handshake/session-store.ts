import { randomBytes } from 'node:crypto';
import type { Principal } from '@smcp/policy';
import type { MayHear } from '../hearing/attachments.ts';
import type { Hearers } from '../hearing/hearer.ts';
import { ownerKey, Tally } from '../tally.ts';
import { McpSession, type SessionTerms } from './mcp-session.ts';

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
  /** What ids begin with. Default `ses-`. */
  readonly idPrefix?: string | undefined;
  /** Joined by each session from its opening to its end. */
  readonly hearers: Hearers;
  readonly onEnd: (session: McpSession) => void;
}

/** All open MCP sessions. Ids have 192 random bits and are no authentication: a session answers only its own principal. */
export class SessionStore implements Disposable {
  readonly #options: SessionStoreOptions;
  readonly #sessions = new Map<string, McpSession>();
  readonly #perPrincipal = new Tally();
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

  /** Opens a session, or says that there is no room. A principal at its own limit loses its longest unused idle session. */
  open(principal: Principal, endpoint: string, terms: SessionTerms): McpSession | undefined {
    const { max, maxPerPrincipal } = this.#options.limits();
    const owner = ownerKey(principal);
    if (this.#perPrincipal.of(owner) >= maxPerPrincipal && !this.#endOldestIdle(owner)) {
      return undefined;
    }
    if (this.#sessions.size >= max) {
      return undefined;
    }
    const { mayHear, now, hearers, idPrefix = 'ses-' } = this.#options;
    const id = idPrefix + randomBytes(ID_BYTES).toString('base64url');
    const session = new McpSession({ ...terms, id, endpoint, principal, now: now(), mayHear });
    this.#sessions.set(id, session);
    this.#perPrincipal.add(owner);
    hearers.add(session);
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
      this.#perPrincipal.remove(ownerKey(session.principalNow));
      this.#options.hearers.delete(session);
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

  #endOldestIdle(owner: string): boolean {
    for (const session of this.#sessions.values()) {
      if (ownerKey(session.principalNow) === owner && !session.busy) {
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
