import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { descendantsOf, ifOpenHandles, stillRunning } from '../../soak/watch/process-tree.ts';
import { describeSeries } from '../../soak/watch/slope.ts';
import { ifTrends, watch, type Sample } from '../../soak/watch/watch.ts';

const sample = (minutes: number, residentBytes: number): Sample => ({
  minutes,
  residentBytes,
  handles: 10,
  processes: 2,
});

describe('describeSeries()', () => {
  it('finds the growth per minute', () => {
    const points = [0, 1, 2, 4].map((minutes) => ({ minutes, value: 100 + 3 * minutes }));
    expect(describeSeries(points)).toMatchObject({ first: 100, last: 112, most: 112 });
    expect(describeSeries(points).perMinute).toBeCloseTo(3);
  });

  it('sees no growth in a saw', () => {
    const points = Array.from({ length: 101 }, (_, at) => ({ minutes: at / 10, value: at % 2 }));
    expect(Math.abs(describeSeries(points).perMinute)).toBeLessThan(0.001);
  });

  it('finds shrinking to be negative growth, and keeps the most', () => {
    const points = [5, 9, 1].map((value, minutes) => ({ minutes, value }));
    expect(describeSeries(points)).toEqual({ first: 5, last: 1, most: 9, perMinute: -2 });
  });

  it('has no slope for two points, and nothing to say without any', () => {
    expect(
      describeSeries([
        { minutes: 0, value: 1 },
        { minutes: 1, value: 2 },
      ]).perMinute,
    ).toBeNaN();
    expect(() => describeSeries([])).toThrow(RangeError);
  });
});

describe('ifTrends()', () => {
  it('leaves the warm-up out', () => {
    const samples = [sample(0, 1), sample(0.9, 500), sample(1, 1000), sample(2, 1000), sample(3, 1000)];
    expect(ifTrends(samples, 1)?.residentBytes).toEqual({
      first: 1000,
      last: 1000,
      most: 1000,
      perMinute: 0,
    });
  });

  it('is undefined when everything was warm-up', () => {
    expect(ifTrends([sample(0.5, 1)], 1)).toBeUndefined();
  });
});

describe('process tree', () => {
  it('descendantsOf() finds the children of children, and stillRunning() that they ended', async () => {
    const source = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']).once('spawn', () => console.log('ready'));`;
    const child = spawn(process.execPath, ['-e', source], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    const found = descendantsOf(child.pid!);
    const above = descendantsOf(process.pid).map(({ pid }) => pid);
    process.kill(-child.pid!, 'SIGKILL');
    await exited;
    expect(found).toHaveLength(1);
    expect(above).toEqual(expect.arrayContaining([child.pid, found[0]?.pid]));
    await expect.poll(() => stillRunning(found)).toEqual([]);
  });

  it('stillRunning() is not deceived by another process with the same number', () => {
    const [stat] = descendantsOf(process.ppid).filter(({ pid }) => pid === process.pid);
    expect(stillRunning([stat!])).toEqual([stat]);
    expect(stillRunning([{ ...stat!, startTicks: '1' }])).toEqual([]);
  });

  it('ifOpenHandles() counts, and knows that a process is gone', () => {
    expect(ifOpenHandles(process.pid)).toBeGreaterThan(2);
    expect(ifOpenHandles(2 ** 22 + 1)).toBeUndefined();
  });
});

describe('watch()', () => {
  it('takes samples until the signal fires', async () => {
    const stop = new AbortController();
    const watched = watch(process.pid, stop.signal);
    stop.abort();
    const { samples } = await watched;
    expect(samples).toHaveLength(1);
    expect(samples[0]?.residentBytes).toBeGreaterThan(0);
  });

  it('ends when the process is gone', async () => {
    expect(await watch(2 ** 22 + 1, new AbortController().signal)).toEqual({ samples: [], descendants: [] });
  });
});
