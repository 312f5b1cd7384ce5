import { SandboxError } from '@smcp/sandbox';
import { describe, expect, it } from 'vitest';
import { ScriptSessions } from '../../src/session/script-sessions.ts';
import type { SessionContext } from '../../src/session/session-use.ts';
import { DEFAULT_SETTINGS, type CodeModeSettings } from '../../src/settings.ts';
import { FakeEngine } from './fake-engine.ts';

const SECOND = 1000;

const context = (owner: string, tenant = 'acme'): SessionContext => ({
  owner: `${tenant}/${owner}`,
  tenant,
  principal: owner,
});

const ALICE = context('alice');
const BOB = context('bob');

interface Stage extends AsyncDisposable {
  readonly engine: FakeEngine;
  readonly sessions: ScriptSessions;
  pass(seconds: number): void;
}

function stage(settings: Partial<CodeModeSettings['sessions']> = {}, sweepMs?: number): Stage {
  const engine = new FakeEngine();
  let nowMs = 1_800_000_000_000;
  const sessions = new ScriptSessions({
    engine,
    settings: { ...DEFAULT_SETTINGS.sessions, ...settings },
    now: () => nowMs,
    sweepMs,
  });
  return {
    engine,
    sessions,
    pass: (seconds) => {
      nowMs += seconds * SECOND;
    },
    [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose](),
  };
}

describe('ScriptSessions', () => {
  it('tells of each session that has ended, once, before another of its name begins', async () => {
    const told: string[] = [];
    let nowMs = 1_800_000_000_000;
    await using sessions = new ScriptSessions({
      engine: new FakeEngine(),
      settings: { ...DEFAULT_SETTINGS.sessions, idleSeconds: 10 },
      now: () => nowMs,
      onEnd: (owner, name) => told.push(`${owner} ${name}`),
    });
    for (const [who, name] of [
      [ALICE, 'ended'],
      [ALICE, 'idle'],
      [BOB, 'idle'],
    ] as const) {
      await (await sessions.use(who, name))[Symbol.asyncDispose]();
    }
    expect(told).toEqual([]);
    expect(await sessions.end(ALICE.owner, 'ended')).toBe(true);
    expect(await sessions.end(ALICE.owner, 'ended')).toBe(false);
    expect(told).toEqual(['acme/alice ended']);
    nowMs += 11 * SECOND;
    await using _ = await sessions.use(ALICE, 'idle');
    expect(told).toEqual(['acme/alice ended', 'acme/alice idle', 'acme/bob idle']);
  });
});

describe('ScriptSessions.use()', () => {
  it('makes a session on demand and gives the same one again [S0-24] [S0-25]', async () => {
    await using it = stage();
    const first = await it.sessions.use(ALICE, 'work');
    expect(first).toMatchObject({ isNew: true, note: undefined, name: 'work' });
    await first[Symbol.asyncDispose]();
    const second = await it.sessions.use(ALICE, 'work');
    expect(second.isNew).toBe(false);
    expect(second.engine).toBe(first.engine);
    expect(it.engine.sessions).toHaveLength(1);
    expect(it.engine.last.opened).toMatchObject({ owner: 'acme/alice', persistent: true });
  });

  it('keeps what an execution learned for the next one, and for no other session [S0-15]', async () => {
    await using it = stage();
    {
      await using use = await it.sessions.use(ALICE, 'work');
      use.memory.earlier = 'declare const a: number;';
      use.memory.servers.add('github');
    }
    await using again = await it.sessions.use(ALICE, 'work');
    await using other = await it.sessions.use(ALICE, 'other');
    expect(again.memory).toEqual({
      earlier: 'declare const a: number;',
      servers: new Set(['github']),
    });
    expect(other.memory).toEqual({ earlier: '', servers: new Set() });
  });

  it('gives another owner another session under the same name (A51) [S0-26]', async () => {
    await using it = stage();
    {
      await using use = await it.sessions.use(ALICE, 'work');
      use.memory.earlier = 'declare const secret: 1;';
    }
    for (const other of [BOB, context('alice', 'evil')]) {
      await using use = await it.sessions.use(other, 'work');
      expect(use).toMatchObject({ isNew: true, memory: { earlier: '' } });
      expect(it.engine.last.opened.owner).toBe(other.owner);
    }
    expect(it.engine.sessions).toHaveLength(3);
  });

  it.each([
    ['a"', ',"b', 'a', '","b'],
    ['a\u0000', 'b', 'a', '\u0000b'],
    ['a/b', 'c', 'a', 'b/c'],
    ['["a"', '"b"]', '["a","b"]', ''],
  ])('keeps owner %j apart from %j however they are joined with a name (A52)', async (one, _n, two) => {
    await using it = stage();
    const held = await it.sessions.use({ ...ALICE, owner: one }, 'work');
    await using other = await it.sessions.use({ ...ALICE, owner: two }, 'work');
    expect(other.engine).not.toBe(held.engine);
    expect(await it.sessions.endAll(two)).toBe(1);
    expect(held.lost()).toBeUndefined();
  });

  it('refuses a second execution in a session that runs one', async () => {
    await using it = stage();
    const held = await it.sessions.use(ALICE, 'work');
    await expect(it.sessions.use(ALICE, 'work')).rejects.toMatchObject({
      name: 'CodeModeError',
      code: 'SESSION_BUSY',
      message: expect.stringContaining('another session name'),
    });
    await held[Symbol.asyncDispose]();
    await using free = await it.sessions.use(ALICE, 'work');
    expect(free.isNew).toBe(false);
  });

  it('refuses a second execution while the session is being opened', async () => {
    await using it = stage();
    const { promise, resolve } = Promise.withResolvers<void>();
    it.engine.gate = promise;
    const opening = it.sessions.use(ALICE, 'work');
    await expect(it.sessions.use(ALICE, 'work')).rejects.toMatchObject({ code: 'SESSION_BUSY' });
    resolve();
    expect((await opening).isNew).toBe(true);
    expect(it.engine.sessions).toHaveLength(1);
  });

  it('frees a session once however often it is let go', async () => {
    await using it = stage();
    const first = await it.sessions.use(ALICE, 'work');
    await first[Symbol.asyncDispose]();
    await using second = await it.sessions.use(ALICE, 'work');
    await first[Symbol.asyncDispose]();
    expect(second.isNew).toBe(false);
    await expect(it.sessions.use(ALICE, 'work')).rejects.toMatchObject({ code: 'SESSION_BUSY' });
  });

  it.each(['', ' ', '.hidden', '-x', 'a b', 'a/b', 'a\nb', '\u202ea', 'é', 'a'.repeat(65), '__proto__ '])(
    'refuses the name %j and opens nothing',
    async (name) => {
      await using it = stage();
      await expect(it.sessions.use(ALICE, name)).rejects.toMatchObject({
        code: 'ARGUMENT_INVALID',
        message: expect.stringMatching(/^Session name "/),
      });
      expect(it.engine.sessions).toHaveLength(0);
    },
  );

  it.each(['a', '0', 'constructor', 'toString', 'Work_2.b-c', 'a'.repeat(64)])(
    'takes the name %j',
    async (name) => {
      await using it = stage();
      await using use = await it.sessions.use(ALICE, name);
      expect(use.isNew).toBe(true);
    },
  );

  it('leaves no place taken when the engine cannot open one', async () => {
    await using it = stage({ maxPerOwner: 1 });
    it.engine.failure = new SandboxError('POOL_FULL', 'All runners are taken');
    await expect(it.sessions.use(ALICE, 'work')).rejects.toMatchObject({ code: 'POOL_FULL' });
    it.engine.failure = undefined;
    await using use = await it.sessions.use(ALICE, 'other');
    expect(use.isNew).toBe(true);
  });

  it('hands the signal to the engine', async () => {
    await using it = stage();
    const { signal } = new AbortController();
    await using use = await it.sessions.use(ALICE, 'work', signal);
    expect(use.isNew).toBe(true);
    expect(it.engine.last.opened.signal).toBe(signal);
  });

  it('refuses once the sessions were closed', async () => {
    const it = stage();
    await it[Symbol.asyncDispose]();
    await expect(it.sessions.use(ALICE, 'work')).rejects.toMatchObject({
      name: 'SandboxError',
      code: 'CLOSED',
    });
  });
});

describe('ScriptSessions limits', () => {
  it('refuses one more than an owner may have, names the limit and the sessions to use again', async () => {
    await using it = stage({ maxPerOwner: 2 });
    await it.sessions.use(ALICE, 'one');
    await it.sessions.use(ALICE, 'two');
    await expect(it.sessions.use(ALICE, 'three')).rejects.toMatchObject({
      code: 'SESSION_LIMIT',
      message: expect.stringMatching(/code_mode\.sessions\.max_per_principal.*"one", "two"/),
    });
    await using bobs = await it.sessions.use(BOB, 'three');
    expect(bobs.isNew).toBe(true);
  });

  it('refuses one more than a tenant may have, without a word about the others', async () => {
    await using it = stage({ maxPerTenant: 2 });
    await it.sessions.use(ALICE, 'secret-project');
    await it.sessions.use(BOB, 'b');
    const refused = it.sessions.use(context('carol'), 'c');
    await expect(refused).rejects.toMatchObject({
      code: 'SESSION_LIMIT',
      message: expect.stringContaining('code_mode.sessions.max_per_tenant'),
    });
    await expect(refused).rejects.not.toThrow(/secret-project|alice|bob/);
    await using elsewhere = await it.sessions.use(context('carol', 'other'), 'c');
    expect(elsewhere.isNew).toBe(true);
  });

  it('refuses one more than there may be in all', async () => {
    await using it = stage({ max: 2 });
    await it.sessions.use(ALICE, 'a');
    await it.sessions.use(context('x', 'other'), 'b');
    await expect(it.sessions.use(context('y', 'third'), 'c')).rejects.toMatchObject({
      code: 'SESSION_LIMIT',
      message: expect.stringMatching(/sessions\.max\)/),
    });
  });

  it('counts requests that come at once [S0-16]', async () => {
    await using it = stage({ maxPerOwner: 3 });
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => it.sessions.use(ALICE, `s${index}`)),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(it.engine.sessions).toHaveLength(3);
  });

  it('uses an existing session at the limit', async () => {
    await using it = stage({ maxPerOwner: 1, maxPerTenant: 1, max: 1 });
    await (await it.sessions.use(ALICE, 'work'))[Symbol.asyncDispose]();
    await using use = await it.sessions.use(ALICE, 'work');
    expect(use.isNew).toBe(false);
  });

  it('does not count sessions that are over', async () => {
    await using it = stage({ maxPerOwner: 1, idleSeconds: 10 });
    await (await it.sessions.use(ALICE, 'old'))[Symbol.asyncDispose]();
    it.pass(10);
    await using use = await it.sessions.use(ALICE, 'new');
    expect(use.isNew).toBe(true);
    expect(it.engine.sessions[0]?.disposals).toBe(1);
  });
});

describe('ScriptSessions expiry', () => {
  it('ends a session that was not used for as long as it may be, not a moment earlier', async () => {
    await using it = stage({ idleSeconds: 10, ttlSeconds: 100 });
    await (await it.sessions.use(ALICE, 'work'))[Symbol.asyncDispose]();
    it.pass(9.999);
    await it.sessions.sweep();
    expect(it.sessions.list()).toHaveLength(1);
    it.pass(0.001);
    expect(it.sessions.list()).toHaveLength(0);
    expect(it.engine.last.disposals).toBe(0);
    await it.sessions.sweep();
    expect(it.engine.last.disposals).toBe(1);
  });

  it('ends a session at its greatest age however much it is used [S0-23]', async () => {
    await using it = stage({ idleSeconds: 10, ttlSeconds: 25 });
    for (const step of [0, 8, 8, 8]) {
      it.pass(step);
      await (await it.sessions.use(ALICE, 'work'))[Symbol.asyncDispose]();
    }
    expect(it.engine.sessions).toHaveLength(1);
    it.pass(1);
    await using use = await it.sessions.use(ALICE, 'work');
    expect(use.isNew).toBe(true);
    expect(use.note).toMatch(/"work".*greatest age.*variables are gone/);
  });

  it('lets a run finish and ends the session then', async () => {
    await using it = stage({ idleSeconds: 10, ttlSeconds: 20 });
    const use = await it.sessions.use(ALICE, 'work');
    it.pass(30);
    await it.sessions.sweep();
    expect(it.engine.last.disposals).toBe(0);
    expect(it.sessions.list()).toMatchObject([{ running: true }]);
    await use[Symbol.asyncDispose]();
    expect(it.engine.last.disposals).toBe(1);
    expect(it.sessions.list()).toEqual([]);
  });

  it('counts idle time from the end of a run', async () => {
    await using it = stage({ idleSeconds: 10, ttlSeconds: 1000 });
    const use = await it.sessions.use(ALICE, 'work');
    it.pass(30);
    await use[Symbol.asyncDispose]();
    it.pass(9);
    await using again = await it.sessions.use(ALICE, 'work');
    expect(again.isNew).toBe(false);
  });

  it('never gives out a session that is over, whether or not it was swept', async () => {
    await using it = stage({ idleSeconds: 10 });
    {
      await using use = await it.sessions.use(ALICE, 'work');
      use.memory.earlier = 'declare const old: 1;';
    }
    it.pass(11);
    expect(() => it.sessions.inspect(ALICE.owner, 'work')).toThrow(
      expect.objectContaining({ code: 'SESSION_UNKNOWN' }),
    );
    await using use = await it.sessions.use(ALICE, 'work');
    expect(use).toMatchObject({ isNew: true, memory: { earlier: '' } });
    expect(use.note).toContain('not used');
  });

  it('sweeps by itself', async () => {
    await using it = stage({ idleSeconds: 10 }, 1);
    await (await it.sessions.use(ALICE, 'work'))[Symbol.asyncDispose]();
    it.pass(11);
    await expect.poll(() => it.engine.last.disposals).toBe(1);
  });

  it('ends the others when the process of one cannot be ended', async () => {
    await using it = stage({ idleSeconds: 10 });
    await (await it.sessions.use(ALICE, 'a'))[Symbol.asyncDispose]();
    it.engine.last[Symbol.asyncDispose] = () => Promise.reject(new Error('stuck'));
    await (await it.sessions.use(ALICE, 'b'))[Symbol.asyncDispose]();
    it.pass(11);
    await it.sessions.sweep();
    expect(it.engine.last.disposals).toBe(1);
    expect(it.sessions.list()).toEqual([]);
  });
});

describe('ScriptSessions death', () => {
  it('tells the run in which the session died, and the next one (A93)', async () => {
    await using it = stage();
    const use = await it.sessions.use(ALICE, 'work');
    use.memory.earlier = 'declare const gone: 1;';
    expect(use.lost()).toBeUndefined();
    it.engine.last.alive = false;
    expect(use.lost()).toMatch(/"work" has ended: its variables are gone/);
    await use[Symbol.asyncDispose]();
    expect(it.engine.last.disposals).toBe(1);
    expect(it.sessions.list()).toEqual([]);
    await using next = await it.sessions.use(ALICE, 'work');
    expect(next).toMatchObject({ isNew: true, memory: { earlier: '' } });
    expect(next.note).toMatch(/limit.*variables are gone/);
    expect(next.lost()).toBeUndefined();
  });

  it('notices a session that died between runs', async () => {
    await using it = stage();
    await (await it.sessions.use(ALICE, 'work'))[Symbol.asyncDispose]();
    it.engine.last.alive = false;
    await using use = await it.sessions.use(ALICE, 'work');
    expect(use.isNew).toBe(true);
    expect(use.note).toContain('variables are gone');
  });

  it('says so once, and to nobody else', async () => {
    await using it = stage();
    await (await it.sessions.use(ALICE, 'work'))[Symbol.asyncDispose]();
    await it.sessions.end(ALICE.owner, 'work');
    await using bobs = await it.sessions.use(BOB, 'work');
    expect(bobs.note).toBeUndefined();
    const first = await it.sessions.use(ALICE, 'work');
    expect(first.note).toContain('it was ended');
    await first[Symbol.asyncDispose]();
    await using second = await it.sessions.use(ALICE, 'work');
    expect(second.note).toBeUndefined();
  });

  it('does not blame a new session for the end of an old one', async () => {
    await using it = stage();
    const old = await it.sessions.use(ALICE, 'work');
    await it.sessions.end(ALICE.owner, 'work');
    await (await it.sessions.use(ALICE, 'work'))[Symbol.asyncDispose]();
    await old[Symbol.asyncDispose]();
    await using again = await it.sessions.use(ALICE, 'work');
    expect(again).toMatchObject({ isNew: false, note: undefined });
  });

  it('forgets the oldest endings beyond a thousand', async () => {
    await using it = stage();
    for (let index = 0; index <= 1000; index += 1) {
      await (await it.sessions.use(ALICE, `s${index}`))[Symbol.asyncDispose]();
      await it.sessions.end(ALICE.owner, `s${index}`);
    }
    await using oldest = await it.sessions.use(ALICE, 's0');
    await using newer = await it.sessions.use(ALICE, 's1');
    expect(oldest.note).toBeUndefined();
    expect(newer.note).toBeDefined();
  });
});

describe('ScriptSessions for those who look after them', () => {
  it('list() shows times and counts, and nothing that scripts hold', async () => {
    await using it = stage({ idleSeconds: 10, ttlSeconds: 100 });
    {
      await using use = await it.sessions.use(ALICE, 'work');
      use.memory.earlier = 'declare const password: "hunter2";';
    }
    it.pass(4);
    await using again = await it.sessions.use(ALICE, 'work');
    const at = 1_800_000_000_000;
    expect(again.isNew).toBe(false);
    expect(it.sessions.list()).toStrictEqual([
      {
        name: 'work',
        tenant: 'acme',
        owner: 'alice',
        createdAt: at,
        lastUsedAt: at + 4 * SECOND,
        expiresAt: at + 100 * SECOND,
        idleExpiresAt: at + 14 * SECOND,
        executions: 2,
        running: true,
      },
    ]);
  });

  it('list() never promises a longer life than the greatest age', async () => {
    await using it = stage({ idleSeconds: 10, ttlSeconds: 5 });
    await it.sessions.use(ALICE, 'work');
    const [info] = it.sessions.list();
    expect(info?.idleExpiresAt).toBe(info?.expiresAt);
  });

  it('list() filters by tenant, owner and name', async () => {
    await using it = stage();
    for (const each of [ALICE, BOB, context('alice', 'other')]) {
      await it.sessions.use(each, 'work');
      await it.sessions.use(each, 'play');
    }
    const count = (filter: Parameters<typeof it.sessions.list>[0]) => it.sessions.list(filter).length;
    expect(count({})).toBe(6);
    expect(count({ tenant: 'acme' })).toBe(4);
    expect(count({ owner: 'alice' })).toBe(4);
    expect(count({ tenant: 'acme', owner: 'alice' })).toBe(2);
    expect(count({ tenant: 'acme', owner: 'alice', name: 'work' })).toBe(1);
    expect(count({ tenant: 'nobody' })).toBe(0);
    expect(count({ name: 'wor' })).toBe(0);
  });

  it("inspect() does not know another owner's session, and says the same as for none (A51)", async () => {
    await using it = stage();
    await it.sessions.use(ALICE, 'work');
    expect(it.sessions.inspect(ALICE.owner, 'work')).toMatchObject({ name: 'work', running: true });
    const refusal = (owner: string) => {
      try {
        it.sessions.inspect(owner, 'work');
        return undefined;
      } catch (error) {
        return error;
      }
    };
    expect(refusal(BOB.owner)).toMatchObject({ code: 'SESSION_UNKNOWN' });
    expect(refusal(BOB.owner)).toEqual(refusal('nobody'));
  });

  it("end() stops what runs, and nobody else's", async () => {
    await using it = stage();
    const use = await it.sessions.use(ALICE, 'work');
    expect(await it.sessions.end(BOB.owner, 'work')).toBe(false);
    expect(it.engine.last.disposals).toBe(0);
    expect(await it.sessions.end(ALICE.owner, 'work')).toBe(true);
    expect(it.engine.last.disposals).toBe(1);
    expect(use.lost()).toContain('variables are gone');
    expect(await it.sessions.end(ALICE.owner, 'work')).toBe(false);
    await use[Symbol.asyncDispose]();
    expect(it.engine.last.disposals).toBe(1);
  });

  it('end() of one that is being opened closes it as soon as it is open', async () => {
    await using it = stage();
    const { promise, resolve } = Promise.withResolvers<void>();
    it.engine.gate = promise;
    const opening = it.sessions.use(ALICE, 'work');
    expect(await it.sessions.end(ALICE.owner, 'work')).toBe(true);
    resolve();
    await expect(opening).rejects.toMatchObject({ code: 'SESSION_UNKNOWN' });
    expect(it.engine.last.disposals).toBe(1);
    expect(it.sessions.list()).toEqual([]);
  });

  it('endAll() ends all of one owner (A50)', async () => {
    await using it = stage();
    await it.sessions.use(ALICE, 'a');
    await (await it.sessions.use(ALICE, 'b'))[Symbol.asyncDispose]();
    await it.sessions.use(BOB, 'a');
    expect(await it.sessions.endAll(ALICE.owner)).toBe(2);
    expect(it.sessions.list()).toMatchObject([{ owner: 'bob' }]);
    expect(await it.sessions.endAll(ALICE.owner)).toBe(0);
  });

  it('endMatching() ends by tenant, principal and name', async () => {
    await using it = stage();
    for (const each of [ALICE, BOB, context('alice', 'other')]) await it.sessions.use(each, 'work');
    expect(await it.sessions.endMatching({ tenant: 'acme', owner: 'alice', name: 'work' })).toBe(1);
    expect(it.sessions.list().map(({ tenant, owner }) => `${tenant}/${owner}`)).toEqual([
      'acme/bob',
      'other/alice',
    ]);
    expect(await it.sessions.endMatching({ tenant: 'acme' })).toBe(1);
  });

  it('closing ends every session, those being opened too', async () => {
    const it = stage();
    await it.sessions.use(ALICE, 'a');
    const { promise, resolve } = Promise.withResolvers<void>();
    it.engine.gate = promise;
    const opening = it.sessions.use(ALICE, 'b');
    await it[Symbol.asyncDispose]();
    resolve();
    await expect(opening).rejects.toMatchObject({ code: 'SESSION_UNKNOWN' });
    expect(it.engine.sessions.map(({ disposals }) => disposals)).toEqual([1, 1]);
  });
});
