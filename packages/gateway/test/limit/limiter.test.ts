import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import {
  createLimiter,
  type Admission,
  type Limiter,
  type LimiterSettings,
  type LimitRequest,
} from '../../src/limit/index.ts';
import { fakeClock } from './fake-clock.ts';

const call = (change: Partial<LimitRequest> = {}): LimitRequest => ({
  principalId: 'key:alice',
  tenant: 'default',
  server: 'files',
  tool: 'read',
  ...change,
});

const settings = (change: Partial<LimiterSettings> = {}): LimiterSettings => ({
  principal: {},
  servers: {},
  ...change,
});

const onServer = (
  limits: LimiterSettings['principal'],
  tools: Record<string, LimiterSettings['principal']> = {},
): LimiterSettings => settings({ servers: { files: { limits, tools } } });

const admitted = (results: readonly Admission[]): boolean[] => results.map((result) => result.ok);

/** Enters, which the limiter must allow, and gives the way out. */
const enter = (limiter: Limiter, request: LimitRequest): (() => void) => {
  const result = limiter.acquire(request);
  if (!result.ok) throw new Error(result.message);
  return result.release;
};

/** A call that ends at once: true when it was let in. */
const passes = (limiter: Limiter, request: LimitRequest): boolean => {
  const result = limiter.acquire(request);
  if (result.ok) result.release();
  return result.ok;
};

describe('createLimiter()', () => {
  it('admits everything when nothing is limited', () => {
    const limiter = createLimiter({ settings: settings(), clock: fakeClock().now });
    const release = enter(limiter, call());
    const results = Array.from({ length: 1000 }, () => limiter.acquire(call()).ok);
    expect(results).not.toContain(false);
    expect(() => [release(), release()]).not.toThrow();
  });

  it('limits each principal on its own and says when to come back', () => {
    const clock = fakeClock();
    const limiter = createLimiter({
      settings: settings({ principal: { rate: { calls: '30/min', burst: 1 } } }),
      clock: clock.now,
    });
    expect(limiter.acquire(call()).ok).toBe(true);
    expect(limiter.acquire(call())).toEqual({
      ok: false,
      code: 'RATE_LIMITED',
      scope: 'principal',
      retryAfterMs: 2000,
      message: 'Rate limit of this caller reached (30/min), retry after 2 s',
    });
    expect(limiter.acquire(call({ principalId: 'key:bob' })).ok).toBe(true);
    clock.advance(2000);
    expect(limiter.acquire(call()).ok).toBe(true);
  });

  it('counts a principal across servers and tools, so that aliases gain nothing [A100]', () => {
    const limiter = createLimiter({
      settings: settings({ principal: { rate: { calls: '2/h' } } }),
      clock: fakeClock().now,
    });
    const results = [
      call(),
      call({ server: 'mail', tool: 'send' }),
      call({ server: 'mail2', tool: 'send' }),
    ].map((request) => limiter.acquire(request));
    expect(admitted(results)).toEqual([true, true, false]);
  });

  it('keeps principals of the same name in two tenants apart, also when names are built to collide [A100]', () => {
    const limiter = createLimiter({
      settings: settings({ principal: { rate: { calls: '1/h' } } }),
      clock: fakeClock().now,
    });
    const results = [
      call({ tenant: 'a', principalId: 'bc' }),
      call({ tenant: 'ab', principalId: 'c' }),
      call({ tenant: '', principalId: 'abc' }),
      call({ tenant: 'a\n', principalId: 'bc' }),
      call({ tenant: 'a', principalId: 'bc' }),
    ].map((request) => limiter.acquire(request));
    expect(admitted(results)).toEqual([true, true, true, true, false]);
  });

  it('shares the limit of a server among all principals, and of that server only', () => {
    const limiter = createLimiter({ settings: onServer({ rate: { calls: '1/s' } }), clock: fakeClock().now });
    expect(limiter.acquire(call()).ok).toBe(true);
    expect(limiter.acquire(call({ principalId: 'key:bob', tool: 'write' }))).toMatchObject({
      ok: false,
      scope: 'server',
      code: 'RATE_LIMITED',
      retryAfterMs: 1000,
    });
    expect(limiter.acquire(call({ server: 'mail' })).ok).toBe(true);
  });

  it('gives each tool its own limit, also when one glob configures many', () => {
    const limiter = createLimiter({
      settings: onServer({}, { 'read_*': { rate: { calls: '1/s' } } }),
      clock: fakeClock().now,
    });
    const results = ['read_a', 'read_b', 'read_a', 'write', 'write'].map((tool) =>
      limiter.acquire(call({ tool })),
    );
    expect(admitted(results)).toEqual([true, true, false, true, true]);
    expect(results[2]).toMatchObject({ scope: 'tool' });
  });

  it('takes rate and concurrency of a tool from the most exact glob that gives them', () => {
    const limiter = createLimiter({
      settings: onServer({}, { '*': { concurrency: 1 }, write: { rate: { calls: '5/s' } } }),
      clock: fakeClock().now,
    });
    expect(limiter.acquire(call({ tool: 'write' })).ok).toBe(true);
    expect(limiter.acquire(call({ tool: 'write' }))).toMatchObject({
      ok: false,
      scope: 'tool',
      code: 'TOO_MANY_IN_FLIGHT',
    });
  });

  it('bounds calls in flight until they are released, each once', () => {
    const limiter = createLimiter({
      settings: settings({ principal: { concurrency: 2 } }),
      clock: fakeClock().now,
    });
    const first = enter(limiter, call());
    const second = enter(limiter, call());
    expect(limiter.acquire(call())).toEqual({
      ok: false,
      code: 'TOO_MANY_IN_FLIGHT',
      scope: 'principal',
      retryAfterMs: 1000,
      message: 'Limit of calls at the same time of this caller reached (2 in flight), retry after 1 s',
    });
    first();
    first();
    expect(admitted([limiter.acquire(call()), limiter.acquire(call())])).toEqual([true, false]);
    second();
    expect(limiter.acquire(call()).ok).toBe(true);
  });

  it('does not spend a token on a call that found no room', () => {
    const limiter = createLimiter({
      settings: settings({ principal: { concurrency: 1, rate: { calls: '2/h' } } }),
      clock: fakeClock().now,
    });
    const first = enter(limiter, call());
    expect(limiter.acquire(call())).toMatchObject({ code: 'TOO_MANY_IN_FLIGHT' });
    first();
    const second = enter(limiter, call());
    second();
    expect(limiter.acquire(call())).toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('asks tool, server, principal in this order', () => {
    const one = { rate: { calls: '1/h' } };
    const scopes = [onServer(one, { '*': one }), onServer(one), settings()].map((base) => {
      const limiter = createLimiter({ settings: { ...base, principal: one }, clock: fakeClock().now });
      limiter.acquire(call());
      const refused = limiter.acquire(call());
      return refused.ok ? undefined : refused.scope;
    });
    expect(scopes).toEqual(['tool', 'server', 'principal']);
  });

  it('gives back what the earlier limits gave when a later one refuses', () => {
    const limiter = createLimiter({
      settings: {
        principal: { rate: { calls: '1/h' }, concurrency: 5 },
        servers: {
          files: {
            limits: { rate: { calls: '3/h' }, concurrency: 3 },
            tools: { read: { rate: { calls: '2/h' }, concurrency: 2 } },
          },
        },
      },
      clock: fakeClock().now,
    });
    expect(limiter.acquire(call()).ok).toBe(true);
    for (let index = 0; index < 10; index += 1)
      expect(limiter.acquire(call())).toMatchObject({ ok: false, scope: 'principal' });
    // Alice's ten refusals cost nobody anything: bob gets the second token of the tool, and carol the third of the server.
    expect(limiter.acquire(call({ principalId: 'key:bob' })).ok).toBe(true);
    expect(limiter.acquire(call({ principalId: 'key:carol' }))).toMatchObject({ ok: false, scope: 'tool' });
    expect(limiter.acquire(call({ principalId: 'key:carol', tool: 'write' })).ok).toBe(true);
    expect(limiter.acquire(call({ principalId: 'key:dave', tool: 'write' }))).toMatchObject({
      ok: false,
      scope: 'server',
    });
  });

  it('is not moved by a clock that jumps back [A101]', () => {
    const clock = fakeClock();
    const limiter = createLimiter({
      settings: settings({ principal: { rate: { calls: '1/s' } } }),
      clock: clock.now,
    });
    limiter.acquire(call());
    clock.advance(-86_400_000);
    expect(limiter.acquire(call())).toMatchObject({ ok: false, retryAfterMs: 1000 });
    clock.advance(1000);
    expect(limiter.acquire(call()).ok).toBe(true);
  });

  it('forgets only principals who owe nothing, so that a crowd of others is no way to a fresh burst [A100]', () => {
    const clock = fakeClock();
    const limiter = createLimiter({
      settings: settings({ principal: { rate: { calls: '1/s' } } }),
      clock: clock.now,
      maxEntries: 10,
    });
    const crowd = (name: string): boolean[] =>
      Array.from({ length: 500 }, (_, index) =>
        passes(limiter, call({ principalId: `key:${name}-${index}` })),
      );
    passes(limiter, call());
    // Nine more have a place of their own, one call is what all the others share.
    expect(crowd('other').filter(Boolean)).toHaveLength(10);
    expect(passes(limiter, call())).toBe(false);
    clock.advance(1000);
    expect(crowd('later').filter(Boolean)).toHaveLength(11);
    expect(passes(limiter, call({ principalId: 'key:later-0' }))).toBe(false);
  });

  it('lets newcomers share one limit while all places are taken, and gives them their own when there is room', () => {
    const clock = fakeClock();
    const limiter = createLimiter({
      settings: settings({ principal: { rate: { calls: '1/s' } } }),
      clock: clock.now,
      maxEntries: 2,
    });
    const results = ['a', 'b', 'c', 'd'].map((principalId) => passes(limiter, call({ principalId })));
    expect(results).toEqual([true, true, true, false]);
    clock.advance(1000);
    expect(['c', 'd'].map((principalId) => passes(limiter, call({ principalId })))).toEqual([true, true]);
  });

  it('keeps what newcomers share through reconfigure()', () => {
    const limited = settings({ principal: { rate: { calls: '1/s' } } });
    const limiter = createLimiter({ settings: limited, clock: fakeClock().now, maxEntries: 1 });
    const before = ['a', 'b', 'c'].map((principalId) => passes(limiter, call({ principalId })));
    limiter.reconfigure(limited);
    expect([...before, passes(limiter, call({ principalId: 'd' }))]).toEqual([true, true, false, false]);
  });

  it('never forgets a principal with a call in flight', () => {
    const limiter = createLimiter({
      settings: settings({ principal: { concurrency: 1 } }),
      clock: fakeClock().now,
      maxEntries: 2,
    });
    limiter.acquire(call());
    for (let index = 0; index < 100; index += 1) {
      passes(limiter, call({ principalId: `key:other-${index}` }));
    }
    expect(limiter.acquire(call()).ok).toBe(false);
  });

  it('takes the settings of a configuration as they are', () => {
    const config = configSchema.parse({
      limits: { principal: { rate: { calls: '600/min', burst: 2 } } },
      servers: {
        files: {
          url: 'http://127.0.0.1:1/mcp',
          limits: { concurrency: 1 },
          tools: { 'read*': { rate: { calls: '9/s' } } },
        },
      },
    });
    const limiter = createLimiter({
      settings: { principal: config.limits.principal, servers: config.servers },
      clock: fakeClock().now,
    });
    expect(limiter.acquire(call()).ok).toBe(true);
    expect(limiter.acquire(call())).toMatchObject({ ok: false, scope: 'server', code: 'TOO_MANY_IN_FLIGHT' });
  });

  it.each<[string, LimiterSettings]>([
    ['rate of principals', settings({ principal: { rate: { calls: 'often' } } })],
    ['rate of a server', onServer({ rate: { calls: '0/s' } })],
    [
      'rate of a second tool',
      onServer({}, { a: { rate: { calls: '1/s' } }, b: { rate: { calls: '1/day' } } }),
    ],
    ['concurrency', onServer({ concurrency: 0 })],
  ])(
    'refuses a malformed %s when made, and in reconfigure() without changing anything',
    (_what, malformed) => {
      expect(() => createLimiter({ settings: malformed, clock: fakeClock().now })).toThrow(/Rate|Limit/);
      const limiter = createLimiter({
        settings: settings({ principal: { rate: { calls: '1/h' } } }),
        clock: fakeClock().now,
      });
      limiter.acquire(call());
      expect(() => limiter.reconfigure(malformed)).toThrow(/Rate|Limit/);
      expect(limiter.acquire(call()).ok).toBe(false);
    },
  );
});

describe('reconfigure()', () => {
  it('keeps the state of limits that stay', () => {
    const before = onServer({ rate: { calls: '2/h' } }, { read: { rate: { calls: '1/h' } } });
    const limiter = createLimiter({
      settings: { ...before, principal: { rate: { calls: '3/h' } } },
      clock: fakeClock().now,
    });
    limiter.acquire(call());
    limiter.reconfigure({ ...before, principal: { rate: { calls: '3/h' } } });
    expect(limiter.acquire(call())).toMatchObject({ ok: false, scope: 'tool' });
    expect(limiter.acquire(call({ tool: 'write' })).ok).toBe(true);
    expect(limiter.acquire(call({ tool: 'write' }))).toMatchObject({ ok: false, scope: 'server' });
    expect(limiter.acquire(call({ server: 'mail' })).ok).toBe(true);
    expect(limiter.acquire(call({ server: 'mail' }))).toMatchObject({ ok: false, scope: 'principal' });
  });

  it('counts what was used against a changed limit', () => {
    const limiter = createLimiter({
      settings: settings({ principal: { rate: { calls: '5/h' } } }),
      clock: fakeClock().now,
    });
    for (let index = 0; index < 4; index += 1) limiter.acquire(call());
    limiter.reconfigure(settings({ principal: { rate: { calls: '6/h' } } }));
    expect(admitted([call(), call(), call()].map((request) => limiter.acquire(request)))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('keeps calls in flight counted, and lets them end under the new settings', () => {
    const limiter = createLimiter({
      settings: settings({ principal: { concurrency: 2 } }),
      clock: fakeClock().now,
    });
    const first = enter(limiter, call());
    const second = enter(limiter, call());
    limiter.reconfigure(settings({ principal: { concurrency: 1 } }));
    first();
    expect(limiter.acquire(call()).ok).toBe(false);
    second();
    expect(limiter.acquire(call()).ok).toBe(true);
  });

  it('applies a limit to tools, servers and principals that had none', () => {
    const limiter = createLimiter({
      settings: onServer({}, { other: { concurrency: 1 } }),
      clock: fakeClock().now,
    });
    limiter.acquire(call());
    limiter.reconfigure(onServer({}, { '*': { rate: { calls: '1/h' } } }));
    expect(admitted([limiter.acquire(call()), limiter.acquire(call())])).toEqual([true, false]);
  });

  it('lifts a limit, and calls in flight under it end in peace', () => {
    const limiter = createLimiter({
      settings: onServer({ concurrency: 1 }, { read: { concurrency: 1 } }),
      clock: fakeClock().now,
    });
    const first = enter(limiter, call());
    limiter.reconfigure(settings());
    expect(limiter.acquire(call()).ok).toBe(true);
    expect(() => first()).not.toThrow();
  });

  it('never lets more in than the limits allow, whatever is called, released and waited for', () => {
    const action = fc.oneof(
      fc.record({
        kind: fc.constant('call' as const),
        who: fc.constantFrom('a', 'b', 'c'),
        tool: fc.constantFrom('x', 'y'),
      }),
      fc.record({ kind: fc.constant('release' as const), index: fc.nat(20) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: -500, max: 2000 }) }),
      fc.record({ kind: fc.constant('reload' as const) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 150 }), (actions) => {
        const clock = fakeClock();
        const limits: LimiterSettings = {
          principal: { concurrency: 3 },
          servers: {
            files: { limits: { rate: { calls: '2/s', burst: 4 } }, tools: { x: { concurrency: 2 } } },
          },
        };
        const limiter = createLimiter({ settings: limits, clock: clock.now, maxEntries: 3 });
        const held: { who: string; tool: string; release: () => void }[] = [];
        let passedMs = 0;
        let total = 0;
        for (const step of actions) {
          if (step.kind === 'wait') {
            clock.advance(step.ms);
            passedMs += Math.max(0, step.ms);
          } else if (step.kind === 'release') {
            held.splice(step.index, 1)[0]?.release();
          } else if (step.kind === 'reload') {
            limiter.reconfigure(limits);
          } else {
            const result = limiter.acquire(call({ principalId: step.who, tool: step.tool }));
            if (!result.ok) continue;
            total += 1;
            held.push({ who: step.who, tool: step.tool, release: result.release });
          }
          expect(total).toBeLessThanOrEqual(4 + (2 / 1000) * passedMs + 1e-6);
          expect(held.filter(({ tool }) => tool === 'x').length).toBeLessThanOrEqual(2);
          for (const name of ['a', 'b', 'c'])
            expect(held.filter(({ who }) => who === name).length).toBeLessThanOrEqual(3);
        }
      }),
      { numRuns: 300 },
    );
  });
});
