import type { Schedule } from '../../src/catalog/index.ts';

export interface FakeSchedule {
  readonly schedule: Schedule;
  /** Lets time pass; what is due happens in its order. */
  advance(ms: number): void;
  /** How much is planned. */
  readonly size: () => number;
}

/** Timers that run when the test says so. */
export function fakeSchedule(): FakeSchedule {
  let now = 0;
  const due = new Set<{ readonly at: number; readonly act: () => void }>();
  return {
    schedule: (act, ms) => {
      const timer = { at: now + ms, act };
      due.add(timer);
      return () => due.delete(timer);
    },
    advance: (ms) => {
      const until = now + ms;
      for (;;) {
        const [next] = [...due].filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at);
        if (next === undefined) break;
        due.delete(next);
        now = next.at;
        next.act();
      }
      now = until;
    },
    size: () => due.size,
  };
}
