import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_MS = 1000;
/** Looks without a call in between after which the process counts as idle. A collection makes V8 forget compiled code, too, so short pauses are none. */
const QUIET_LOOKS = 60;

export interface TidyOptions {
  /** Calls so far, of whatever outcome. */
  readonly calls: () => number;
  /** Calls under way. */
  readonly inFlight: () => number;
  /** Default: 60. */
  readonly quietLooks?: number;
  /** Gives memory back to the system. Default: a full collection by V8. */
  readonly collect?: () => void;
}

/**
 * Gives memory back once after each time of work. V8 collects when it allocates, so a process that has become idle keeps the garbage of its last busy minute for
 * ever: more than half of what it holds. Works only while no call is under way, because a full collection stops everything for tens of milliseconds.
 */
export function tidyMemoryWhenIdle(options: TidyOptions): Disposable {
  const timer = setInterval(createLook(options), LOOK_MS).unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
    },
  };
}

/** One look, to be taken once a second. */
export function createLook({
  calls,
  inFlight,
  quietLooks = QUIET_LOOKS,
  collect = collectEverything,
}: TidyOptions): () => void {
  let seen = calls();
  let tidiedAt = seen;
  let quiet = 0;
  return () => {
    const now = calls();
    quiet = now === seen && inFlight() === 0 ? quiet + 1 : 0;
    seen = now;
    if (quiet >= quietLooks && tidiedAt !== seen) {
      tidiedAt = seen;
      collect();
    }
  };
}

/** V8 shows its collector only to scripts made after this flag was set, so it takes one of those to get it. */
function collectEverything(): void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof gc === 'function') {
    gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }
}
