/** Hard bound on what the world of a script keeps itself to. */
const MAX_TIMERS = 1100;

/** The clocks behind the timers of one run. */
export class Timers {
  /** @type {Map<number, NodeJS.Timeout>} */
  #timers = new Map();
  #fire;

  /** @param {(id: number) => void} fire */
  constructor(fire) {
    this.#fire = fire;
  }

  /**
   * @param {number} id
   * @param {number} delayMs
   */
  start(id, delayMs) {
    if (this.#timers.size >= MAX_TIMERS) {
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(id);
      this.#fire(id);
    }, delayMs);
    this.#timers.set(id, timer);
  }

  /** @param {number} id */
  stop(id) {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  stopAll() {
    this.#timers.forEach((timer) => clearTimeout(timer));
    this.#timers.clear();
  }
}
