const SAMPLE_MS = 10;

/**
 * Watches the processor time of a script, from another thread than the script's.
 *
 * @param {object} options
 * @param {() => number} options.cpuMs Time used so far.
 * @param {number} options.maxMs
 * @param {() => void} options.onExceeded Called at most once.
 * @returns {() => void} Ends the watch.
 */
export function watchCpu({ cpuMs, maxMs, onExceeded }) {
  const timer = setInterval(() => {
    if (cpuMs() > maxMs) {
      clearInterval(timer);
      onExceeded();
    }
  }, SAMPLE_MS);
  return () => clearInterval(timer);
}
