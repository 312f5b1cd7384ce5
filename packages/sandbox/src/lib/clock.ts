/** Where time comes from, so that a test can hand in its own. */
export interface Clock {
  /** Milliseconds; only differences mean something. */
  now(): number;
  /**
   * Calls back once, later; disposing of what it returns before that calls it off.
   *
   * @param quiet Does not keep this process alive: for housekeeping.
   */
  after(ms: number, callback: () => void, quiet?: 'quiet'): Disposable;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

/** The clock of this process. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, callback, quiet) {
    const timer = setTimeout(callback, Math.min(Math.ceil(ms), MAX_TIMER_MS));
    if (quiet !== undefined) {
      timer.unref();
    }
    return {
      [Symbol.dispose]: () => {
        clearTimeout(timer);
      },
    };
  },
};
