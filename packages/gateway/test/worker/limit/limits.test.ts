import { describe, expect, it } from 'vitest';
import {
  createLimiter,
  type Admission,
  type LimiterSettings,
  type LimitRequest,
} from '../../../src/limit/index.ts';
import { LimitDesk } from '../../../src/worker/limit/limit-desk.ts';
import { WorkerLimiter } from '../../../src/worker/limit/worker-limiter.ts';
import { answering, linked } from '../linked.ts';

const CALL: LimitRequest = { principalId: 'alice', tenant: 'acme', server: 'files', tool: 'read' };
const BROKEN = expect.objectContaining({ code: 'CHANNEL_BROKEN' });

const settings = (principal: LimiterSettings['principal'] = {}): LimiterSettings => ({
  principal,
  servers: {
    files: { limits: {}, tools: {} },
    slow: { limits: { concurrency: 1 }, tools: {} },
    mixed: { limits: {}, tools: { 'render_*': { rate: { calls: '1/min' } } } },
  },
});

function crew(given: LimiterSettings, workers: number) {
  const limiter = createLimiter({ settings: given, clock: () => 0 });
  return Array.from({ length: workers }, () => {
    const desk = new LimitDesk(limiter);
    const pair = linked({
      acquire: (body) => desk.acquire(body),
      release: (body) => {
        desk.release(body);
      },
    });
    return { desk, pair, limiter: new WorkerLimiter(pair.channel, given) };
  });
}

function release(admission: Admission | undefined): void {
  if (admission?.ok === true) {
    admission.release();
  }
}

describe('WorkerLimiter.acquire()', () => {
  it('holds a rate exactly over several workers', async () => {
    const [one, two] = crew(settings({ rate: { calls: '10/min', burst: 10 } }), 2);
    const asked = Array.from(
      { length: 40 },
      async (_, n) => await (n % 2 === 0 ? one : two)?.limiter.acquire(CALL),
    );
    const admitted = (await Promise.all(asked)).filter((admission) => admission?.ok === true);
    expect(admitted).toHaveLength(10);
    one?.pair[Symbol.dispose]();
    two?.pair[Symbol.dispose]();
  });

  it('holds the number of calls at a time over several workers, and gives a place back once', async () => {
    const [one, two] = crew(settings({ concurrency: 1 }), 2);
    const first = await one?.limiter.acquire(CALL);
    expect(await two?.limiter.acquire(CALL)).toEqual({
      ok: false,
      code: 'TOO_MANY_IN_FLIGHT',
      scope: 'principal',
      retryAfterMs: 1000,
      message: 'Limit of calls at the same time of this caller reached (1 in flight), retry after 1 s',
    });
    release(first);
    release(first);
    await expect.poll(() => one?.desk.heldSlots).toBe(0);
    const second = await two?.limiter.acquire(CALL);
    expect(second?.ok).toBe(true);
    expect((await one?.limiter.acquire(CALL))?.ok).toBe(false);
    one?.pair[Symbol.dispose]();
    two?.pair[Symbol.dispose]();
  });

  it('answers at once where no limit applies, and asks where one may', () => {
    const channel = answering(() => ({ ok: true, slot: 1 }));
    const limiter = new WorkerLimiter(channel, settings());
    expect(limiter.acquire(CALL)).toMatchObject({ ok: true });
    expect(limiter.acquire({ ...CALL, server: 'unknown' })).toMatchObject({ ok: true });
    expect(channel.said).toEqual([]);
    expect(limiter.acquire({ ...CALL, server: 'slow' })).toBeInstanceOf(Promise);
    expect(limiter.acquire({ ...CALL, server: 'mixed' })).toBeInstanceOf(Promise);
    expect(channel.said).toHaveLength(2);
  });

  it('follows other settings', () => {
    const channel = answering(() => ({ ok: true, slot: 1 }));
    const limiter = new WorkerLimiter(channel, settings());
    limiter.reconfigure(settings({ rate: { calls: '1/s' } }));
    expect(limiter.acquire(CALL)).toBeInstanceOf(Promise);
    limiter.reconfigure(settings());
    expect(limiter.acquire(CALL)).not.toBeInstanceOf(Promise);
  });

  it.each([
    ['a primary that is gone', new Error('gone')],
    ['an answer that is none', null],
    ['a place without number', { ok: true }],
    ['a refusal without reason', { ok: false }],
    ['a refusal of an unknown kind', { ok: false, code: 'X', scope: 'tool', retryAfterMs: 1, message: '' }],
  ])('lets nothing in with %s', async (_what, answer) => {
    const limiter = new WorkerLimiter(
      answering(() => {
        if (answer instanceof Error) {
          throw answer;
        }
        return answer;
      }),
      settings({ concurrency: 1 }),
    );
    expect(await limiter.acquire(CALL)).toMatchObject({
      ok: false,
      code: 'RATE_LIMITED',
      retryAfterMs: 1000,
    });
  });
});

describe('LimitDesk', () => {
  it('releaseAll() frees what a worker held that has ended', () => {
    const limiter = createLimiter({ settings: settings({ concurrency: 2 }), clock: () => 0 });
    const [lost, other] = [new LimitDesk(limiter), new LimitDesk(limiter)];
    expect(lost.acquire(CALL)).toEqual({ ok: true, slot: 1 });
    expect(lost.acquire(CALL)).toEqual({ ok: true, slot: 2 });
    expect(other.acquire(CALL)).toMatchObject({ ok: false });
    lost.releaseAll();
    expect(other.acquire(CALL)).toMatchObject({ ok: true });
    expect(other.acquire(CALL)).toMatchObject({ ok: true });
    expect(other.acquire(CALL)).toMatchObject({ ok: false });
  });

  it('release() refuses a place that the worker does not hold', () => {
    const desk = new LimitDesk(createLimiter({ settings: settings({ concurrency: 2 }), clock: () => 0 }));
    desk.acquire(CALL);
    desk.release({ slot: 1 });
    for (const body of [{ slot: 1 }, { slot: 2 }, { slot: -1 }, { slot: '1' }, {}, null]) {
      expect(() => {
        desk.release(body);
      }).toThrow(BROKEN);
    }
  });

  it.each([null, {}, { ...CALL, tool: 1 }, { ...CALL, tenant: null }, [CALL]])(
    'acquire() refuses %j',
    (body) => {
      const desk = new LimitDesk(createLimiter({ settings: settings(), clock: () => 0 }));
      expect(() => desk.acquire(body)).toThrow(BROKEN);
      expect(desk.heldSlots).toBe(0);
    },
  );
});
