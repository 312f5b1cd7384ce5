import { createJavaScriptEngine, DEFAULT_LIMITS, type Outcome, type ScriptHost } from '@smcp/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScriptSessions } from '../../src/session/script-sessions.ts';
import type { SessionContext, SessionUse } from '../../src/session/session-use.ts';
import { DEFAULT_SETTINGS } from '../../src/settings.ts';

const ALICE: SessionContext = { owner: 'acme/alice', tenant: 'acme', principal: 'alice' };
const BOB: SessionContext = { owner: 'acme/bob', tenant: 'acme', principal: 'bob' };

const NO_HOST: ScriptHost = { call: async () => 'null' };

const engine = createJavaScriptEngine();

beforeAll(() => engine.ready());
afterAll(() => engine[Symbol.asyncDispose]());

function openSessions(): ScriptSessions {
  return new ScriptSessions({ engine, settings: DEFAULT_SETTINGS.sessions, now: Date.now });
}

function runIn(use: SessionUse, code: string): Promise<Outcome> {
  const source = {
    language: 'javascript',
    code,
    name: 'script.js',
    prelude: '() => {}',
    data: '{}',
  } as const;
  return use.engine.run(source, NO_HOST, { limits: { ...DEFAULT_LIMITS, wallMs: 10_000 } });
}

async function once(sessions: ScriptSessions, context: SessionContext, code: string): Promise<Outcome> {
  await using use = await sessions.use(context, 'work');
  return runIn(use, code);
}

describe('ScriptSessions on the real engine', () => {
  it('keeps variables and functions between executions [S0-15] [S0-25]', async () => {
    await using sessions = openSessions();
    await once(sessions, ALICE, 'let count = 1; function add(n) { count += n; return count; }');
    expect(await once(sessions, ALICE, 'return add(2)')).toMatchObject({ status: 'ok', value: '3' });
    expect(await once(sessions, ALICE, 'return count')).toMatchObject({ status: 'ok', value: '3' });
    expect(sessions.list()).toMatchObject([{ executions: 3, running: false }]);
  });

  it("shows nothing of one owner's session to another (A94) [S0-26]", async () => {
    await using sessions = openSessions();
    await once(sessions, ALICE, 'var secret = "alice"; globalThis.other = 1; Object.prototype.leak = 1;');
    const seen = await once(sessions, BOB, 'return [typeof secret, typeof other, typeof ({}).leak]');
    expect(seen.value).toBe('["undefined","undefined","undefined"]');
    expect(await once(sessions, ALICE, 'return secret')).toMatchObject({ value: '"alice"' });
  });

  it('forgets everything when a session is ended', async () => {
    await using sessions = openSessions();
    await once(sessions, ALICE, 'var kept = 1;');
    expect(await sessions.end(ALICE.owner, 'work')).toBe(true);
    expect(await once(sessions, ALICE, 'return typeof kept')).toMatchObject({ value: '"undefined"' });
  });

  it('tells of a memory bomb, starts anew, and leaves others alone (A93)', async () => {
    await using sessions = openSessions();
    await once(sessions, ALICE, 'var kept = 1;');
    await once(sessions, BOB, 'var kept = 2;');
    {
      await using use = await sessions.use(ALICE, 'work');
      const outcome = await runIn(use, 'const all = []; for (;;) all.push(new Array(100000).fill({}));');
      expect(outcome.status).toBe('memory');
      expect(use.lost()).toContain('variables are gone');
    }
    await using next = await sessions.use(ALICE, 'work');
    expect(next).toMatchObject({ isNew: true, note: expect.stringContaining('variables are gone') });
    expect(await runIn(next, 'return typeof kept')).toMatchObject({ status: 'ok', value: '"undefined"' });
    expect(await once(sessions, BOB, 'return kept')).toMatchObject({ status: 'ok', value: '2' });
  });

  it('stops what runs when the session is ended', async () => {
    await using sessions = openSessions();
    await using use = await sessions.use(ALICE, 'work');
    const running = runIn(use, 'await new Promise(() => {})');
    expect(await sessions.end(ALICE.owner, 'work')).toBe(true);
    expect((await running).status).toBe('killed');
    expect(use.lost()).toContain('has ended');
  });
});
