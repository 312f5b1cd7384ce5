/** Why a session is no more. */
export type SessionEnd = 'expired' | 'idle' | 'ended' | 'died';

const WORDS: Readonly<Record<SessionEnd, string>> = {
  expired: 'it reached its greatest age',
  idle: 'it was not used for too long',
  ended: 'it was ended',
  died: 'a script hit a limit or was stopped',
};

const MAX_REMEMBERED = 1000;

/** Remembers for a while which sessions have ended, so that whoever comes back to one is told. The oldest are forgotten first. */
export class PastSessions {
  readonly #ends = new Map<string, SessionEnd>();

  remember(key: string, end: SessionEnd): void {
    this.#ends.delete(key);
    this.#ends.set(key, end);
    if (this.#ends.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#ends.keys()) {
      this.#ends.delete(oldest);
      return;
    }
  }

  /** What to tell whoever starts a session of this key anew; told once. */
  takeNote(key: string, name: string): string | undefined {
    const end = this.#ends.get(key);
    if (end === undefined) return undefined;
    this.#ends.delete(key);
    return `The earlier session "${name}" has ended (${WORDS[end]}): its variables are gone, and this is a new one`;
  }
}
