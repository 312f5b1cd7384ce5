/** A clock that stands still until it is moved. */
export function fakeClock(startMs = 1_000_000): { now: () => number; advance: (ms: number) => void } {
  let time = startMs;
  return {
    now: () => time,
    advance: (ms) => {
      time += ms;
    },
  };
}
