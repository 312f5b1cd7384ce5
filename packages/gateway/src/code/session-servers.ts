import type { ServerEntry } from '../gate/index.ts';

const MAX_SESSIONS = 1000;

/** The servers that scripts added, by session. Bounded: what was used longest ago is forgotten, and can be added again. */
export class SessionServers {
  readonly #bySession = new Map<string, Map<string, ServerEntry>>();

  /** @param session Absent: for one execution, after which nothing is left. */
  of(owner: string, session: string | undefined): Map<string, ServerEntry> {
    if (session === undefined) {
      return new Map();
    }
    const key = JSON.stringify([owner, session]);
    const found = this.#bySession.get(key) ?? new Map<string, ServerEntry>();
    this.#bySession.delete(key);
    this.#bySession.set(key, found);
    const [oldest] = this.#bySession.keys();
    if (this.#bySession.size > MAX_SESSIONS && oldest !== undefined) {
      this.#bySession.delete(oldest);
    }
    return found;
  }

  /** Forgets what was added in a session that has ended; also for an execution that was about to use it. */
  end(owner: string, session: string): void {
    this.#bySession.get(JSON.stringify([owner, session]))?.clear();
  }
}
