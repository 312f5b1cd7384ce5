const SAMPLE_MS = 10;

/**
 * Watches the world of a running script, from another thread than the script's.
 *
 * V8 ends an isolate that has used up its memory. The script may go on all the same, in code that does not look up or in one collection of garbage after
 * another, and nothing tells: only that the isolate is gone.
 *
 * @param {object} options
 * @param {import('../isolate/guest.js').Guest} options.guest
 * @param {number} options.maxCpuMs Processor time from now on.
 * @param {() => void} options.onCpuExceeded
 * @param {() => void} options.onGone
 * @returns {() => void} Ends the watch, after which nothing is called.
 */
export function watchGuest({ guest, maxCpuMs, onCpuExceeded, onGone }) {
  const startMs = guest.cpuMs;
  const timer = setInterval(() => {
    if (guest.isDisposed) {
      onGone();
    } else if (guest.cpuMs - startMs > maxCpuMs) {
      onCpuExceeded();
    }
  }, SAMPLE_MS);
  return () => clearInterval(timer);
}
