const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Listens to the signals of a server until disposed: the first SIGINT or SIGTERM resolves `ended`, a second one ends the process at once, each SIGHUP calls
 * `onHangup`.
 */
export class EndSignals implements Disposable {
  readonly ended: Promise<void>;
  readonly #end: () => void;
  readonly #onHangup: () => void;
  #asked = false;

  constructor(onHangup: () => void) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#end = resolve;
    this.#onHangup = onHangup;
    process.on('SIGINT', this.#onEnd).on('SIGTERM', this.#onEnd).on('SIGHUP', this.#onHangup);
  }

  [Symbol.dispose](): void {
    process.off('SIGINT', this.#onEnd).off('SIGTERM', this.#onEnd).off('SIGHUP', this.#onHangup);
  }

  readonly #onEnd = (signal: 'SIGINT' | 'SIGTERM'): void => {
    // The convention of shells: 128 and the number of the signal.
    if (this.#asked) process.exit(128 + SIGNAL_NUMBERS[signal]);
    this.#asked = true;
    this.#end();
  };
}
