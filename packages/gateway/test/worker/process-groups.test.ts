import { afterEach, describe, expect, it } from 'vitest';
import { guardGroup, watchGroups } from '../../src/upstream/stdio/exit-guard.ts';

// Above every id that Linux gives by default, so that nothing real is meant.
const LEADER = 2 ** 22 + 7;

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) {
    end();
  }
});

function watch(): (readonly [number, boolean])[] {
  const heard: (readonly [number, boolean])[] = [];
  ends.push(watchGroups((leader, alive) => heard.push([leader, alive])));
  return heard;
}

describe('watchGroups()', () => {
  it('tells of the beginning and the end of a group', () => {
    const heard = watch();
    const end = guardGroup(LEADER);
    expect(heard).toEqual([[LEADER, true]]);
    end();
    expect(heard).toEqual([
      [LEADER, true],
      [LEADER, false],
    ]);
  });

  it('tells of no process that did not start', () => {
    const heard = watch();
    guardGroup(undefined)();
    expect(heard).toEqual([]);
  });

  it('tells nobody who has enough', () => {
    const heard = watch();
    ends.pop()?.();
    guardGroup(LEADER)();
    expect(heard).toEqual([]);
  });
});
