import { describe, expect, it } from 'vitest';
import { makeTimers } from '../../../../../src/engines/javascript/runner/guest/make-timers.js';

function create() {
  const posted: unknown[][] = [];
  const reported: unknown[] = [];
  const timers = makeTimers(
    (...values) => posted.push(values),
    (error) => reported.push(error),
  );
  return { ...timers, posted, reported };
}

describe('timers', () => {
  it('setTimeout() calls back once, with its values', () => {
    const { setTimeout, fire, posted } = create();
    const heard: unknown[] = [];
    const id = setTimeout((...values: unknown[]) => heard.push(values), 20, 'a', 'b');
    expect(posted).toEqual([['timer', id, 20]]);
    fire(id);
    fire(id);
    expect(heard).toEqual([['a', 'b']]);
  });

  it('setInterval() starts again after each call, until it is cleared', () => {
    const { setInterval, clear, fire, posted } = create();
    let count = 0;
    const id = setInterval(() => {
      count += 1;
      if (count === 2) {
        clear(id);
      }
    }, 5);
    fire(id);
    fire(id);
    fire(id);
    expect(count).toBe(2);
    expect(posted).toEqual([
      ['timer', id, 5],
      ['timer', id, 5],
      ['untimer', id],
    ]);
  });

  it.each([undefined, -5, 0, NaN, 'x', 2 ** 40])('takes %s milliseconds for one', (delay) => {
    const { setTimeout, posted } = create();
    setTimeout(() => 1, delay);
    expect(posted[0]?.[2]).toBe(1);
  });

  it('reports what a callback throws, and goes on', () => {
    const { setInterval, fire, posted, reported } = create();
    const id = setInterval(() => {
      throw new Error('in a timer');
    }, 5);
    fire(id);
    expect(reported).toEqual([new Error('in a timer')]);
    expect(posted).toHaveLength(2);
  });

  it('refuses texts as callbacks', () => {
    expect(() => create().setTimeout('code')).toThrow(TypeError);
  });

  it('refuses one more than a thousand at a time', () => {
    const { setTimeout, clear } = create();
    const ids = Array.from({ length: 1000 }, () => setTimeout(() => 1));
    expect(() => setTimeout(() => 1)).toThrow(RangeError);
    clear(ids[0]);
    expect(() => setTimeout(() => 1)).not.toThrow();
  });

  it('clear() takes anything', () => {
    const { clear, posted } = create();
    [undefined, 5, {}, 'x'].forEach((id) => clear(id));
    expect(posted).toEqual([]);
  });

  it('begin() forgets the timers of the run before', () => {
    const { setTimeout, fire, begin } = create();
    const id = setTimeout(() => {
      throw new Error('old');
    });
    begin();
    expect(() => fire(id)).not.toThrow();
  });
});
