import { afterEach, describe, expect, it, vi } from 'vitest';
import { withinTime } from '../../../src/upstream/opening/within-time.ts';
import { failure } from '../../fixtures/failure.ts';

const never = async (): Promise<never> => await new Promise(() => undefined);
const limits = (timeoutMs: number, signal?: AbortSignal): Parameters<typeof withinTime>[1] => ({
  timeoutMs,
  maxBytes: 1,
  signal,
});

afterEach(() => {
  vi.useRealTimers();
});

describe('withinTime()', () => {
  it('gives what the work gives, and leaves no timer and no listener', async () => {
    vi.useFakeTimers();
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    expect(await withinTime('files', limits(100, signal), async () => 'done')).toBe('done');
    expect(vi.getTimerCount()).toBe(0);
    expect(removed).toHaveBeenCalledTimes(1);
  });

  it('passes on what the work throws', async () => {
    const failing = withinTime('files', limits(100), async () => {
      throw new TypeError('broken');
    });
    await expect(failing).rejects.toThrow(TypeError);
  });

  it('gives up when the time is over', async () => {
    vi.useFakeTimers();
    const waiting = failure(withinTime('files', limits(100), never));
    await vi.advanceTimersByTimeAsync(100);
    expect(await waiting).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      message: 'Server "files" was not ready within 100 ms',
    });
  });

  it.each([true, false])('gives up when the signal fires (before it began: %s)', async (isBefore) => {
    const controller = new AbortController();
    if (isBefore) controller.abort();
    const waiting = failure(withinTime('files', limits(10_000, controller.signal), never));
    controller.abort();
    expect((await waiting).code).toBe('UPSTREAM_CANCELLED');
  });
});
