/**
 * A wall clock that time does not run back on: at least what the clock said at the start plus the time that passed since by the monotonic clock.
 * Gives whole milliseconds when the wall clock does. A clock set back therefore revives nothing that has expired. A clock set forward is believed as long as it stays there.
 */
export function createSteadyClock(wallMs: () => number, monotonicMs: () => number): () => number {
  const offsetMs = wallMs() - monotonicMs();
  return () => Math.max(wallMs(), Math.floor(offsetMs + monotonicMs()));
}
