import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '../eras/harness/wait-until.ts';
import { KEYS, openCodeStage, type CodeStage, type Person } from './code-stage.ts';
import { runnersOf } from './processes.ts';
import { startWorkServer, type WorkServer } from './work-server.ts';

let work: WorkServer;
let stage: CodeStage;

beforeAll(async () => {
  work = await startWorkServer();
  stage = await openCodeStage({
    servers: { work: { url: work.url } },
    roles: { intern: { allow: ['smcp:smcp_execute', 'work:*'] }, ops: { allow: ['*:*'] } },
    codeMode: { sessions: { max_per_principal: 3 } },
  });
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await work[Symbol.asyncDispose]();
});

interface Shown {
  readonly status: number;
  readonly body: { readonly sessions?: readonly Record<string, unknown>[]; readonly [key: string]: unknown };
}

async function sessions(who: Person, path = '', method = 'GET', at = stage): Promise<Shown> {
  const answer = await fetch(at.url(`/code/sessions${path}`), {
    method,
    headers: { authorization: `Bearer ${KEYS[who]}` },
  });
  return { status: answer.status, body: (await answer.json()) as Shown['body'] };
}

describe('a script session', () => {
  it('keeps variables, functions and classes from one execution to the next [S0-15] [S0-24] [S0-25]', async () => {
    const inSession = (code: string) => stage.run('alice', code, { session: 'kept' });
    expect(
      await inSession(
        `let total = 1; const add = (n: number) => (total += n); class Box { constructor(readonly n: number) {} }`,
      ),
    ).toMatchObject({ isError: false });
    expect(await inSession(`add(41); return total`)).toMatchObject({ result: 42 });
    expect(
      await inSession(`const rows = await work.list() as { id: number }[]; return rows.length`),
    ).toMatchObject({ result: 2 });
    expect(await inSession(`return [new Box(total).n, rows.map(({ id }) => id)]`)).toMatchObject({
      result: [42, [1, 2]],
    });
    // The check knows what earlier scripts declared.
    expect(await inSession(`return add('one')`)).toMatchObject({ data: { status: 'check_failed' } });
    await sessions('alice', '/kept', 'DELETE');
  });

  it('is one of its principal: under the same name another finds nothing [S0-26] (A51) (A53)', async () => {
    const secret = `globalThis.secret = 'of alice'; Reflect.set(Array.prototype, 'push', 1); return globalThis.secret`;
    const alice = await stage.run('alice', secret, { session: 'same', language: 'javascript' });
    expect(alice).toMatchObject({ result: 'of alice' });
    const look = `return [typeof globalThis.secret, Object.is([].push, 1), Object.keys(globalThis)]`;
    const bob = await stage.run('bob', look, { session: 'same', language: 'javascript' });
    expect(bob.result).toEqual(['undefined', false, expect.not.arrayContaining(['secret'])]);
    const plain = await stage.run('alice', look, { language: 'javascript' });
    expect(plain.result).toEqual(['undefined', false, []]);
    await sessions('alice', '/same', 'DELETE');
    await sessions('bob', '/same', 'DELETE');
  });

  it('is busy while a script runs in it; scripts of other sessions run beside it', async () => {
    const running = stage.run('alice', 'await work.wait({ ms: 1500 }); return "first"', { session: 'busy' });
    await waitUntil('the first to run', () => (work.underWay() > 0 ? true : undefined));
    const second = await stage.run('alice', 'return 2', { session: 'busy' });
    expect(second).toMatchObject({ isError: true, data: { error: { code: 'SESSION_BUSY' } } });
    expect(await stage.run('alice', 'return 3', { session: 'beside' })).toMatchObject({ result: 3 });
    expect(await running).toMatchObject({ result: 'first' });
    await sessions('alice', '/busy', 'DELETE');
    await sessions('alice', '/beside', 'DELETE');
  });

  it('is listed to its owner, without what it holds; others do not know of it', async () => {
    await stage.run('alice', `const password = 'hunter2'`, { session: 'listed' });
    const own = await sessions('alice');
    expect(own.body.sessions).toEqual([
      {
        name: 'listed',
        owner: 'key:alice',
        executions: 1,
        running: false,
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
        last_used_at: expect.stringMatching(/Z$/),
        expires_at: expect.stringMatching(/Z$/),
      },
    ]);
    expect((await sessions('alice', '/listed')).status).toBe(200);
    expect(await sessions('bob')).toMatchObject({ status: 200, body: { sessions: [] } });
    for (const path of ['/listed', '/none', '/%2e%2e', '/a/b']) {
      expect((await sessions('bob', path)).status).toBe(404);
      expect((await sessions('bob', path, 'DELETE')).status).toBe(404);
    }
    // Neither by asking for another’s, without the right to.
    expect((await sessions('ivan', '?owner=key:alice')).status).toBe(404);
    expect((await sessions('ivan', '/listed?owner=*', 'DELETE')).status).toBe(404);
    expect((await sessions('olga', '?owner=*')).body.sessions).toMatchObject([{ name: 'listed' }]);
    expect((await sessions('alice', '/listed', 'DELETE')).status).toBe(200);
  });

  it('is ended by its owner, also while it runs: the script stops, and the next begins anew and is told', async () => {
    const keep = `globalThis.kept = 1`;
    await stage.run('alice', keep, { session: 'ended', language: 'javascript' });
    const running = stage.run('alice', 'for (;;) await work.wait({ ms: 5000 })', { session: 'ended' });
    await waitUntil('it to run', () => (work.underWay() > 0 ? true : undefined));
    const before = performance.now();
    expect(await sessions('alice', '/ended', 'DELETE')).toMatchObject({ status: 200, body: { ended: 1 } });
    expect(await running).toMatchObject({ isError: true, data: { status: 'killed' } });
    expect(performance.now() - before).toBeLessThan(3000);
    expect((await sessions('alice', '/ended', 'DELETE')).status).toBe(404);
    const next = await stage.run('alice', 'return typeof globalThis.kept', {
      session: 'ended',
      language: 'javascript',
    });
    expect(next).toMatchObject({
      result: 'undefined',
      data: { notes: [expect.stringContaining('it was ended')] },
    });
    await sessions('alice', '/ended', 'DELETE');
  });

  it.each<[string, string, RegExp]>([
    ['memory', `const all: unknown[] = []; for (;;) all.push(new Array(1e5).fill(1))`, /memory/i],
    ['time', `for (;;);`, /timeout/i],
  ])('ends by a bomb of %s, alone, and its next use says so', async (what, bomb, said) => {
    await stage.run('alice', 'let mine = 1', { session: 'bombed' });
    await stage.run('alice', 'let other = 2', { session: 'safe' });
    const bombed = await stage.run('alice', bomb, { session: 'bombed', timeout: 2 });
    expect(bombed).toMatchObject({ isError: true, data: { status: expect.stringMatching(said) } });
    expect(bombed.text).toMatch(/session/);
    const next = await stage.run('alice', `return mine`, { session: 'bombed' });
    expect(next).toMatchObject({
      data: { status: 'check_failed', notes: [expect.stringContaining('a script hit a limit')] },
    });
    expect(next.text).toContain('a script hit a limit');
    const told = await stage.run('alice', `return '${what}'`, { session: 'bombed' });
    expect(told.text).toBe(what);
    expect(await stage.run('alice', 'return other', { session: 'safe' })).toMatchObject({ result: 2 });
    await sessions('alice', '/bombed', 'DELETE');
    await sessions('alice', '/safe', 'DELETE');
  });

  it('is bounded in number for each principal, with what can be done', async () => {
    for (const session of ['one', 'two', 'three']) {
      expect(await stage.run('alice', 'return 1', { session })).toMatchObject({ result: 1 });
    }
    const fourth = await stage.run('alice', 'return 1', { session: 'four' });
    expect(fourth).toMatchObject({ isError: true, data: { error: { code: 'SESSION_LIMIT' } } });
    expect(await stage.run('alice', 'return 2', { session: 'one' })).toMatchObject({ result: 2 });
    expect(await stage.run('bob', 'return 3', { session: 'four' })).toMatchObject({ result: 3 });
    for (const session of ['one', 'two', 'three']) await sessions('alice', `/${session}`, 'DELETE');
    await sessions('bob', '/four', 'DELETE');
  });

  it.each(['', '../x', 'a b', 'ä', 'x'.repeat(65)])('is not made under the name %j', async (session) => {
    const executed = await stage.run('alice', 'return 1', { session });
    expect(executed).toMatchObject({ isError: true, data: { status: 'validation_error' } });
  });
});

describe('sessions with a short life [S0-23]', () => {
  it('end when nobody uses them, and when they are old, processes and all', async () => {
    await using short = await openCodeStage({
      codeMode: { sessions: { idle_seconds: 1, ttl_seconds: 3 }, runners: { warm: 0 } },
    });
    const run = (code: string, session: string) =>
      short.run('alice', code, { session, language: 'javascript' });
    const others = new Set(runnersOf(process.pid).map(({ pid }) => pid));
    await run('globalThis.kept = 1', 'idle');
    expect((await sessions('alice', '', 'GET', short)).body.sessions).toHaveLength(1);
    await new Promise((resolve) => {
      setTimeout(resolve, 1100);
    });
    expect((await sessions('alice', '', 'GET', short)).body.sessions).toHaveLength(0);
    const again = await run('return typeof globalThis.kept', 'idle');
    expect(again).toMatchObject({
      result: 'undefined',
      data: { notes: [expect.stringContaining('not used')] },
    });
    const began = performance.now();
    let last = again;
    while (performance.now() - began < 4000 && !last.text.includes('greatest age')) {
      await new Promise((resolve) => {
        setTimeout(resolve, 300);
      });
      last = await run('return 1', 'idle');
    }
    expect(last.text).toContain('greatest age');
    expect(runnersOf(process.pid).filter(({ pid }) => !others.has(pid)).length).toBeLessThanOrEqual(4);
  });
});
