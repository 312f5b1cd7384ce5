import { describe, expect, it } from 'vitest';
import type { PoolSettings } from '../../src/pool/pool-settings.ts';
import type { Lease } from '../../src/pool/pooled-runner.ts';
import { RunnerPool } from '../../src/pool/runner-pool.ts';
import { SandboxError } from '../../src/sandbox-error.ts';
import { ManualClock, settled } from '../helpers/manual-clock.ts';
import { PretendRunner } from '../helpers/pretend-runner.ts';
import { rejection } from '../helpers/rejection.ts';

const ONCE = { persistent: false };
const SESSION = { persistent: true };

interface Stage extends AsyncDisposable {
  readonly pool: RunnerPool<PretendRunner>;
  readonly clock: ManualClock;
  readonly started: PretendRunner[];
  /** What the next starts do instead of giving a runner. */
  readonly failures: Error[];
}

function stage(settings: Partial<PoolSettings> = {}): Stage {
  const clock = new ManualClock();
  const started: PretendRunner[] = [];
  const failures: Error[] = [];
  const start = async (): Promise<PretendRunner> => {
    await settled();
    const failure = failures.shift();
    if (failure !== undefined) {
      throw failure;
    }
    const runner = new PretendRunner(started.length + 1);
    started.push(runner);
    return runner;
  };
  const pool = new RunnerPool({ start, settings: { warm: 0, ...settings }, clock });
  return {
    pool,
    clock,
    started,
    failures,
    async [Symbol.asyncDispose]() {
      await pool[Symbol.asyncDispose]();
    },
  };
}

/** Runs one script and gives the runner back. */
async function runOnce(pool: RunnerPool<PretendRunner>, owner: string, fit = true): Promise<PretendRunner> {
  const lease = await pool.acquire(owner, ONCE);
  lease.runner.run(owner);
  lease.giveBack(fit);
  return lease.runner;
}

describe('RunnerPool.acquire()', () => {
  it('starts a runner when there is none', async () => {
    await using at = stage();
    const { runner } = await at.pool.acquire('a', ONCE);
    expect(runner.id).toBe(1);
    expect(at.pool.counts).toMatchObject({ busy: 1, waiting: 0, starting: 0 });
  });

  it('gives an owner the runner that it gave back', async () => {
    await using at = stage();
    const first = await runOnce(at.pool, 'a');
    expect(await runOnce(at.pool, 'a')).toBe(first);
    expect(at.started).toHaveLength(1);
  });

  it('never gives one owner a runner of another [S0-26]', async () => {
    await using at = stage({ max: 3, warm: 1 });
    for (let round = 0; round < 60; round += 1) {
      await runOnce(at.pool, ['a', 'b', 'c', 'd'][round % 4]!, round % 7 !== 0);
    }
    expect(at.started.length).toBeGreaterThan(4);
    for (const runner of at.started) {
      expect(runner.owners.size).toBeLessThanOrEqual(1);
    }
  });

  it('gives each of two runs at the same time a runner of its own', async () => {
    await using at = stage();
    const [one, other] = await Promise.all([at.pool.acquire('a', ONCE), at.pool.acquire('a', ONCE)]);
    expect(one.runner).not.toBe(other.runner);
  });

  it('does not give back what was found unfit', async () => {
    await using at = stage();
    const first = await runOnce(at.pool, 'a', false);
    expect(first.alive).toBe(false);
    expect(await runOnce(at.pool, 'a')).not.toBe(first);
  });

  it('does not hand out an idle runner that has died', async () => {
    await using at = stage();
    const first = await runOnce(at.pool, 'a');
    first.die();
    expect(await runOnce(at.pool, 'a')).not.toBe(first);
  });

  it('counts giving back only once', async () => {
    await using at = stage();
    const lease = await at.pool.acquire('a', ONCE);
    lease.giveBack(true);
    const again = await at.pool.acquire('a', ONCE);
    lease.giveBack(false);
    expect(again.runner.alive).toBe(true);
    expect(at.pool.counts).toMatchObject({ busy: 1, idle: 0 });
  });

  it('kills an idle runner of another owner when there is no room', async () => {
    await using at = stage({ max: 2 });
    const old = await runOnce(at.pool, 'a');
    await at.clock.advance(10);
    const recent = await runOnce(at.pool, 'b');
    await runOnce(at.pool, 'c');
    expect(old.killedFor).toBe('another owner needs the room');
    expect(recent.alive).toBe(true);
  });

  it('ends a runner after so many runs', async () => {
    await using at = stage({ maxRuns: 3 });
    const ids: number[] = [];
    for (let run = 0; run < 7; run += 1) {
      ids.push((await runOnce(at.pool, 'a')).id);
    }
    expect(ids).toEqual([1, 1, 1, 2, 2, 2, 3]);
  });

  it('ends a runner whose memory has grown', async () => {
    await using at = stage({ maxGrowthBytes: 500 });
    const runner = await runOnce(at.pool, 'a');
    await settled();
    runner.residentBytes = 1400;
    for (let run = 2; run <= 10; run += 1) {
      await runOnce(at.pool, 'a');
    }
    await settled();
    expect(runner.alive).toBe(true);
    runner.residentBytes = 1501;
    for (let run = 11; run <= 20; run += 1) {
      await runOnce(at.pool, 'a');
    }
    await settled();
    expect(runner.killedFor).toBe('its memory has grown');
  });

  it('ends a runner that nobody needs', async () => {
    await using at = stage({ idleMs: 1000 });
    const runner = await runOnce(at.pool, 'a');
    await at.clock.advance(900);
    expect(runner.alive).toBe(true);
    await at.clock.advance(200);
    expect(runner.killedFor).toBe('nobody needed it');
    expect(at.pool.counts).toMatchObject({ idle: 0, ending: 0 });
  });

  it('counts the time without work from the last run', async () => {
    await using at = stage({ idleMs: 1000 });
    const runner = await runOnce(at.pool, 'a');
    await at.clock.advance(900);
    await runOnce(at.pool, 'a');
    await at.clock.advance(900);
    expect(runner.alive).toBe(true);
    await at.clock.advance(200);
    expect(runner.alive).toBe(false);
  });
});

describe('RunnerPool that keeps runners warm', () => {
  it('starts as many as it should keep, one after another', async () => {
    await using at = stage({ warm: 2 });
    await at.clock.advance(200);
    expect(at.pool.counts).toMatchObject({ warm: 2, busy: 0 });
    expect(at.started).toHaveLength(2);
  });

  it('fills up again after one was handed out, but not at once', async () => {
    await using at = stage({ warm: 1 });
    await at.clock.advance(200);
    await at.pool.acquire('a', ONCE);
    expect(at.pool.counts).toMatchObject({ warm: 0, busy: 1, starting: 0 });
    await at.clock.advance(200);
    expect(at.pool.counts).toMatchObject({ warm: 1, busy: 1 });
  });

  it('keeps no more than there may be in all', async () => {
    await using at = stage({ warm: 2, max: 2 });
    await at.pool.acquire('a', ONCE);
    await at.clock.advance(1000);
    expect(at.pool.counts).toMatchObject({ warm: 1, busy: 1 });
  });

  it('replaces one that died, more slowly each time', async () => {
    await using at = stage({ warm: 1 });
    await at.clock.advance(100);
    for (const wait of [1000, 2000, 4000]) {
      at.failures.push(new SandboxError('RUNNER_FAILED', 'no'));
      if (wait === 1000) {
        at.failures.pop();
        at.started[0]!.die();
        at.failures.push(new SandboxError('RUNNER_FAILED', 'no'));
      }
      await at.clock.advance(wait - 1);
      expect(at.failures).toHaveLength(1);
      await at.clock.advance(1);
      expect(at.failures).toHaveLength(0);
    }
    await at.clock.advance(8000);
    expect(at.pool.counts.warm).toBe(1);
  });
});

describe('RunnerPool.acquire() when it is full', () => {
  it('waits until a runner is given back', async () => {
    await using at = stage({ max: 1 });
    const lease = await at.pool.acquire('a', ONCE);
    const next = at.pool.acquire('a', ONCE);
    await settled();
    expect(at.pool.counts.waiting).toBe(1);
    lease.giveBack(true);
    expect((await next).runner).toBe(lease.runner);
  });

  it('gives another owner a new runner in the place of the one given back', async () => {
    await using at = stage({ max: 1 });
    const lease = await at.pool.acquire('a', ONCE);
    const next = at.pool.acquire('b', ONCE);
    await settled();
    lease.giveBack(true);
    expect((await next).runner.id).toBe(2);
    expect(lease.runner.alive).toBe(false);
  });

  it('refuses when the wait is too long', async () => {
    await using at = stage({ max: 1, waitTimeoutMs: 500 });
    await at.pool.acquire('a', ONCE);
    const refused = rejection(at.pool.acquire('b', ONCE));
    await at.clock.advance(500);
    expect(await refused).toMatchObject({ code: 'POOL_FULL' });
    expect(at.pool.counts.waiting).toBe(0);
  });

  it('refuses at once when too many wait', async () => {
    await using at = stage({ max: 1, maxWaiting: 2 });
    await at.pool.acquire('a', ONCE);
    const waiting = [at.pool.acquire('a', ONCE), at.pool.acquire('b', ONCE)].map(rejection);
    expect(await rejection(at.pool.acquire('c', ONCE))).toMatchObject({ code: 'POOL_FULL' });
    await at.pool[Symbol.asyncDispose]();
    await Promise.all(waiting);
  });

  it('refuses an owner who has too many waiting, and no other', async () => {
    await using at = stage({ max: 1, maxWaitingPerOwner: 1 });
    await at.pool.acquire('a', ONCE);
    const waiting = [rejection(at.pool.acquire('a', ONCE))];
    expect(await rejection(at.pool.acquire('a', ONCE))).toMatchObject({ code: 'POOL_FULL' });
    waiting.push(rejection(at.pool.acquire('b', ONCE)));
    expect(at.pool.counts.waiting).toBe(2);
    await at.pool[Symbol.asyncDispose]();
    await Promise.all(waiting);
  });

  it('gives up a wait that was aborted, with its reason', async () => {
    await using at = stage({ max: 1 });
    const lease = await at.pool.acquire('a', ONCE);
    const abort = new AbortController();
    const refused = rejection(at.pool.acquire('b', { ...ONCE, signal: abort.signal }));
    abort.abort(new Error('no longer'));
    expect(await refused).toMatchObject({ message: 'no longer' });
    lease.giveBack(true);
    await settled();
    expect(at.pool.counts).toMatchObject({ waiting: 0, idle: 1 });
  });

  it('does not begin a wait that is aborted already', async () => {
    await using at = stage();
    const signal = AbortSignal.abort(new Error('no longer'));
    expect(await rejection(at.pool.acquire('a', { ...ONCE, signal }))).toMatchObject({
      message: 'no longer',
    });
    expect(at.started).toHaveLength(0);
  });

  it('serves owners in turn: a hundred runs of one do not starve another', async () => {
    await using at = stage({ max: 1, maxWaitingPerOwner: 200 });
    const served: string[] = [];
    const run = async (owner: string): Promise<void> => {
      const lease = await at.pool.acquire(owner, ONCE);
      served.push(owner);
      await settled();
      lease.giveBack(true);
    };
    const greedy = Array.from({ length: 100 }, async () => run('greedy'));
    const modest = [run('modest'), run('modest')];
    await Promise.all(modest);
    expect(served.filter((owner) => owner === 'greedy').length).toBeLessThanOrEqual(4);
    await Promise.all(greedy);
    expect(served).toHaveLength(102);
  });

  it('lets one owner have no more than its share', async () => {
    await using at = stage({ max: 4, maxPerOwner: 2 });
    const leases = await Promise.all([at.pool.acquire('a', ONCE), at.pool.acquire('a', ONCE)]);
    const third = at.pool.acquire('a', ONCE);
    await settled();
    expect(at.pool.counts).toMatchObject({ busy: 2, waiting: 1 });
    expect((await at.pool.acquire('b', ONCE)).runner).toBeDefined();
    leases[0].giveBack(true);
    expect((await third).runner).toBe(leases[0].runner);
  });

  it('tells one who waits why no runner starts, and lets the others try', async () => {
    await using at = stage({ max: 2 });
    at.failures.push(new SandboxError('RUNNER_FAILED', 'no addon'));
    const [failed, other] = await Promise.allSettled([
      at.pool.acquire('a', ONCE),
      at.pool.acquire('b', ONCE),
    ]);
    expect([failed, other].map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('RunnerPool and sessions', () => {
  it('gives a session a runner that has run nothing', async () => {
    await using at = stage();
    const used = await runOnce(at.pool, 'a');
    const { runner } = await at.pool.acquire('a', SESSION);
    expect(runner).not.toBe(used);
    expect(runner.runs).toBe(0);
  });

  it('never gives the runner of a session to a run, not even of the same owner', async () => {
    await using at = stage();
    const session = await at.pool.acquire('a', SESSION);
    session.giveBack(true);
    expect(session.runner.alive).toBe(false);
    expect(await runOnce(at.pool, 'a')).not.toBe(session.runner);
  });

  it('refuses more sessions than there may be, and takes one in place of one that ended', async () => {
    await using at = stage({ maxPersistent: 2 });
    const leases: Lease<PretendRunner>[] = [];
    leases.push(await at.pool.acquire('a', SESSION), await at.pool.acquire('b', SESSION));
    expect(await rejection(at.pool.acquire('c', SESSION))).toMatchObject({ code: 'POOL_FULL' });
    expect((await at.pool.acquire('c', ONCE)).runner).toBeDefined();
    leases[0]!.giveBack(true);
    expect((await at.pool.acquire('c', SESSION)).runner).toBeDefined();
  });

  it('counts sessions that still wait for their runner', async () => {
    await using at = stage({ maxPersistent: 1 });
    const [first, second] = await Promise.allSettled([
      at.pool.acquire('a', SESSION),
      at.pool.acquire('b', SESSION),
    ]);
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
  });
});

describe('RunnerPool with one runner for each run', () => {
  it('kills a runner after its run', async () => {
    await using at = stage({ oneshot: true });
    const first = await runOnce(at.pool, 'a');
    const second = await runOnce(at.pool, 'a');
    expect([first.alive, second.alive]).toEqual([false, false]);
    expect(first).not.toBe(second);
  });
});

describe('RunnerPool[Symbol.asyncDispose]()', () => {
  it('kills all runners, idle, busy and warm', async () => {
    await using at = stage({ warm: 1 });
    await runOnce(at.pool, 'a');
    await at.pool.acquire('b', ONCE);
    await at.clock.advance(200);
    await at.pool[Symbol.asyncDispose]();
    expect(at.started).toHaveLength(3);
    expect(at.started.filter(({ alive }) => alive)).toEqual([]);
    expect(at.pool.counts).toEqual({ starting: 0, warm: 0, busy: 0, idle: 0, ending: 0, waiting: 0 });
  });

  it('kills a runner that was being started', async () => {
    await using at = stage();
    const refused = rejection(at.pool.acquire('a', ONCE));
    await at.pool[Symbol.asyncDispose]();
    expect(await refused).toMatchObject({ code: 'CLOSED' });
    expect(at.started.filter(({ alive }) => alive)).toEqual([]);
  });

  it('refuses whoever comes later', async () => {
    const at = stage();
    await at.pool[Symbol.asyncDispose]();
    expect(await rejection(at.pool.acquire('a', ONCE))).toMatchObject({ code: 'CLOSED' });
  });

  it('takes a runner that is given back later', async () => {
    const at = stage();
    const lease = await at.pool.acquire('a', ONCE);
    await at.pool[Symbol.asyncDispose]();
    lease.giveBack(true);
    expect(at.pool.counts.idle).toBe(0);
  });

  it('leaves no timer behind', async () => {
    const at = stage({ warm: 1, max: 2 });
    await runOnce(at.pool, 'a');
    await at.clock.advance(200);
    await at.pool[Symbol.asyncDispose]();
    expect(at.clock.timers).toBe(0);
  });
});

describe('RunnerPool', () => {
  it.each([
    { max: 0 },
    { max: 1.5 },
    { max: Number.NaN },
    { warm: -1 },
    { warm: 33 },
    { maxPerOwner: 0 },
    { maxRuns: 0 },
    { waitTimeoutMs: -1 },
    { maxGrowthBytes: Number.POSITIVE_INFINITY },
  ])('refuses the settings %o', (settings) => {
    expect(() => stage(settings)).toThrow(RangeError);
  });
});
