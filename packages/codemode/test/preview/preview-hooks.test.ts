import type { JsonObject } from '@smcp/protocol';
import { describe, expect, it } from 'vitest';
import type { CallHook, CallVerdict, HookedCall } from '../../src/execute/call-hook.ts';
import type { Plan } from '../../src/preview/plan.ts';
import { PLAN_BOUNDS, type PlanBounds } from '../../src/preview/plan-store.ts';
import { PreviewHooks } from '../../src/preview/preview-hooks.ts';

const CODE = 'await github.createIssue({title: "a"})';
const MINUTE_MS = 60_000;

const call = (
  tool: string,
  args: unknown,
  more: Partial<HookedCall> = {},
  annotations?: JsonObject,
): HookedCall => ({
  server: 'github',
  tool: {
    name: tool,
    inputSchema: { type: 'object' },
    ...(annotations === undefined ? {} : { annotations }),
  },
  args: typeof args === 'string' ? args : JSON.stringify(args),
  raw: false,
  ...more,
});

const readOnly = (tool: string, args: unknown = {}): HookedCall =>
  call(tool, args, {}, { readOnlyHint: true });

const gives = (hook: CallHook, made: HookedCall, structuredContent: JsonObject): void => {
  hook.after(made, { ok: true, result: JSON.stringify({ content: [], structuredContent }) });
};

interface Stage {
  readonly hooks: PreviewHooks;
  pass(ms: number): void;
  preview(
    calls: readonly HookedCall[],
    more?: { owner?: string; code?: string; language?: string },
  ): Promise<Plan>;
  apply(plan: string, more?: { owner?: string; code?: string; language?: string }): Promise<CallHook>;
}

function stage(bounds?: PlanBounds): Stage {
  let nowMs = 1_800_000_000_000;
  const hooks = new PreviewHooks(() => nowMs, bounds);
  const script = { owner: 'alice', code: CODE, language: 'typescript' };
  return {
    hooks,
    pass: (ms) => {
      nowMs += ms;
    },
    preview: async (calls, more) => {
      const hook = hooks.open({ ...script, ...more, mode: { kind: 'preview' } });
      for (const each of calls) await hook.before(each);
      const plan = hook.finish();
      if (plan === undefined) throw new TypeError('No plan');
      return plan;
    },
    apply: async (plan, more) => hooks.open({ ...script, ...more, mode: { kind: 'apply', plan } }),
  };
}

const MADE: CallVerdict = { kind: 'make' };
const REFUSED = { kind: 'refuse', code: 'NOT_PLANNED' };

describe('a preview', () => {
  it('makes calls that are annotated read-only and records all others', async () => {
    const hook = stage().hooks.open({
      owner: 'a',
      code: CODE,
      language: 'typescript',
      mode: { kind: 'preview' },
    });
    expect(await hook.before(readOnly('list_issues'))).toEqual(MADE);
    expect(await hook.before(call('create_issue', { title: 'a' }))).toEqual({ kind: 'record', planned: 1 });
    expect(await hook.before(call('close_issue', { id: 1 }))).toEqual({ kind: 'record', planned: 2 });
    expect(hook.finish()).toEqual({
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      calls: [
        { server: 'github', tool: 'create_issue', args: { title: 'a' } },
        { server: 'github', tool: 'close_issue', args: { id: 1 } },
      ],
      made: 1,
    });
  });

  it.each([
    ['no annotations', undefined],
    ['none that says so', {}],
    ['false', { readOnlyHint: false }],
    ['a text', { readOnlyHint: 'true' }],
    ['a number', { readOnlyHint: 1 }],
    ['another hint', { destructiveHint: false, idempotentHint: true }],
  ])('does not make a call of a tool with %s', async (_, annotations) => {
    const hook = stage().hooks.open({
      owner: 'a',
      code: CODE,
      language: 'typescript',
      mode: { kind: 'preview' },
    });
    expect(await hook.before(call('x', {}, {}, annotations))).toMatchObject({ kind: 'record' });
  });

  it.each([
    ['a number that is not exact', '{"id":12345678901234567891}', '2^53'],
    ['a key twice', '{"a":1,"a":2}', 'cannot be compared'],
    ['the key __proto__', '{"__proto__":1}', 'cannot be compared'],
    ['half of a surrogate pair', '{"a":"\\ud800"}', 'cannot be compared'],
    ['no object', '[1]', 'not an object'],
    ['no JSON', '{', 'cannot be compared'],
    ['too deep', `{"a":${'['.repeat(70)}${']'.repeat(70)}}`, 'cannot be compared'],
  ])('refuses arguments with %s (A72)', async (_, args, why) => {
    const hook = stage().hooks.open({
      owner: 'a',
      code: CODE,
      language: 'typescript',
      mode: { kind: 'preview' },
    });
    expect(await hook.before(call('x', args))).toMatchObject({
      kind: 'refuse',
      code: 'PLAN_LIMIT',
      message: expect.stringContaining(why),
    });
    expect(hook.finish()?.calls).toEqual([]);
  });

  it('bounds the plan in calls and in size, and gives none for a script that goes over', async () => {
    const open = () =>
      stage().hooks.open({ owner: 'a', code: CODE, language: 'typescript', mode: { kind: 'preview' } });
    const many = open();
    for (let index = 0; index < 200; index += 1) {
      expect(await many.before(call('x', {}))).toMatchObject({ kind: 'record' });
    }
    expect(await many.before(call('x', {}))).toMatchObject({ kind: 'refuse', code: 'PLAN_LIMIT' });
    expect(many.finish()).toBeUndefined();
    const large = open();
    const args = { text: 'x'.repeat(200 * 1024) };
    expect(await large.before(call('x', args))).toMatchObject({ kind: 'record' });
    expect(await large.before(call('x', args))).toMatchObject({ kind: 'record' });
    expect(await large.before(call('x', args))).toMatchObject({ kind: 'refuse', code: 'PLAN_LIMIT' });
  });

  it('gives a digest over language, code and calls, whoever asks', async () => {
    const it = stage();
    const calls = [call('a', { x: 1, y: 2 })];
    const { digest } = await it.preview(calls);
    expect((await it.preview([call('a', '{"y":2, "x":1.0}')], { owner: 'bob' })).digest).toBe(digest);
    const others = await Promise.all([
      it.preview(calls, { code: `${CODE} ` }),
      it.preview(calls, { language: 'javascript' }),
      it.preview([call('a', { x: 1, y: 3 })]),
      it.preview([call('b', { x: 1, y: 2 })]),
      it.preview([call('a', { x: 1, y: 2 }, { server: 'gitlab' })]),
      it.preview([...calls, ...calls]),
      it.preview([]),
    ]);
    expect(new Set([digest, ...others.map((other) => other.digest)]).size).toBe(8);
  });
});

describe('applying a plan', () => {
  it('makes the calls of the plan in any order, each once, and what is read-only', async () => {
    const it = stage();
    const { digest } = await it.preview([call('a', { x: 1 }), call('b', { y: 2 }), call('a', { x: 1 })]);
    const hook = await it.apply(digest);
    expect(await hook.before(call('b', { y: 2 }))).toEqual(MADE);
    expect(await hook.before(readOnly('anything', { z: 1 }))).toEqual(MADE);
    expect(await hook.before(call('a', '{"x": 1}'))).toEqual(MADE);
    expect(await hook.before(call('a', { x: 1 }))).toEqual(MADE);
    expect(await hook.before(call('a', { x: 1 }))).toMatchObject({
      ...REFUSED,
      message: expect.stringContaining('2 times'),
    });
    expect(hook.finish()).toBeUndefined();
  });

  it.each([
    ['another tool', call('b', { x: 1 }), 'is not on the plan'],
    ['another server', call('a', { x: 1 }, { server: 'gitlab' }), 'is not on the plan'],
    ['another case of the name', call('A', { x: 1 }), 'is not on the plan'],
    ['other arguments', call('a', { x: 2 }), 'with other arguments'],
    ['one argument more', call('a', { x: 1, bcc: 'eve@example.com' }), 'with other arguments'],
    ['a number written so that it is not exact', call('a', '{"x":1,"y":12345678901234567891}'), '2^53'],
    ['a key twice', call('a', '{"x":2,"x":1}'), 'cannot be compared'],
  ])('refuses %s (A34)', async (_, refused, why) => {
    const it = stage();
    const { digest } = await it.preview([call('a', { x: 1 })]);
    const hook = await it.apply(digest);
    expect(await hook.before(refused)).toMatchObject({ ...REFUSED, message: expect.stringContaining(why) });
    expect(await hook.before(call('a', { x: 1 }))).toEqual(MADE);
  });

  it('does not take back the annotation of the preview for a call that is not on the plan', async () => {
    const it = stage();
    const { digest } = await it.preview([readOnly('list')]);
    const hook = await it.apply(digest);
    expect(await hook.before(call('list', {}))).toMatchObject(REFUSED);
  });

  it('checks values that come from results of planned calls', async () => {
    const it = stage();
    const { digest } = await it.preview([
      call('create', { title: 'a' }),
      call('comment', { id: { $result: 1, path: ['id'] }, text: 'See <result 1.url>' }),
    ]);
    const hook = await it.apply(digest);
    const comment = { id: 7, text: 'See https://example.com/7' };
    expect(await hook.before(call('comment', comment))).toMatchObject(REFUSED);
    const create = call('create', { title: 'a' });
    expect(await hook.before(create)).toEqual(MADE);
    expect(await hook.before(call('comment', comment))).toMatchObject(REFUSED);
    gives(hook, create, { id: 7, url: 'https://example.com/7' });
    expect(await hook.before(call('comment', { ...comment, id: 8 }))).toMatchObject(REFUSED);
    expect(await hook.before(call('comment', { ...comment, text: 'See <result 1.url>' }))).toMatchObject(
      REFUSED,
    );
    expect(await hook.before(call('comment', comment))).toEqual(MADE);
  });

  it('does not take the result of another call for that of the planned one', async () => {
    const it = stage();
    const { digest } = await it.preview([
      call('create', {}),
      call('delete', { id: { $result: 1, path: ['id'] } }),
    ]);
    const hook = await it.apply(digest);
    const read = readOnly('list');
    await hook.before(read);
    gives(hook, read, { id: 'victim' });
    const create = call('create', {});
    await hook.before(create);
    gives(hook, create, { id: 'own' });
    gives(hook, call('create', {}), { id: 'victim' });
    expect(await hook.before(call('delete', { id: 'victim' }))).toMatchObject(REFUSED);
    expect(await hook.before(call('delete', { id: 'own' }))).toEqual(MADE);
  });

  it('refuses what depends on a planned call that the gate refused', async () => {
    const it = stage();
    const { digest } = await it.preview([
      call('create', {}),
      call('delete', { id: { $result: 1, path: ['id'] } }),
    ]);
    const hook = await it.apply(digest);
    const create = call('create', {});
    await hook.before(create);
    hook.after(create, { ok: false, code: 'DENIED', message: 'no' });
    expect(await hook.before(call('delete', { id: 'x' }))).toMatchObject(REFUSED);
    expect(await hook.before(call('delete', {}))).toMatchObject(REFUSED);
  });

  it('follows paths into untouched results when the script asked for those', async () => {
    const it = stage();
    const path = ['content', 0, 'text'];
    const { digest } = await it.preview([
      call('create', {}, { raw: true }),
      call('delete', { id: { $result: 1, path } }),
    ]);
    const hook = await it.apply(digest);
    const create = call('create', {}, { raw: true });
    await hook.before(create);
    hook.after(create, { ok: true, result: '{"content":[{"type":"text","text":"7"}]}' });
    expect(await hook.before(call('delete', { id: 7 }))).toMatchObject(REFUSED);
    expect(await hook.before(call('delete', { id: '7' }))).toEqual(MADE);
  });

  it('lets nothing but reading through with an empty plan', async () => {
    const it = stage();
    const { digest } = await it.preview([]);
    const hook = await it.apply(digest);
    expect(await hook.before(readOnly('list'))).toEqual(MADE);
    expect(await hook.before(call('a', {}))).toMatchObject(REFUSED);
  });
});

describe('plans that are kept', () => {
  const UNKNOWN = {
    name: 'CodeModeError',
    code: 'PLAN_UNKNOWN',
    message: expect.stringContaining('mode "preview"'),
  };

  it('are applied once', async () => {
    const it = stage();
    const { digest } = await it.preview([call('a', {})]);
    const both = await Promise.allSettled([it.apply(digest), it.apply(digest)]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(it.apply(digest)).rejects.toMatchObject(UNKNOWN);
    await it.preview([call('a', {})]);
    await expect(it.apply(digest)).resolves.toBeDefined();
  });

  it("are nobody else's (A34)", async () => {
    const it = stage();
    const { digest } = await it.preview([call('a', {})]);
    await expect(it.apply(digest, { owner: 'bob' })).rejects.toMatchObject(UNKNOWN);
    await expect(it.apply(digest)).resolves.toBeDefined();
  });

  it.each(['', 'sha256:', 'SHA256:abc', '__proto__', `sha256:${'0'.repeat(64)}`])(
    'are not found under %j',
    async (digest) => {
      const it = stage();
      await it.preview([call('a', {})]);
      await expect(it.apply(digest)).rejects.toMatchObject(UNKNOWN);
    },
  );

  it('are of one script, and stay when another comes with them', async () => {
    const it = stage();
    const { digest } = await it.preview([call('a', {})]);
    for (const other of [{ code: `${CODE};` }, { language: 'javascript' }]) {
      await expect(it.apply(digest, other)).rejects.toMatchObject({ code: 'PLAN_DIFFERS' });
    }
    await expect(it.apply(digest)).resolves.toBeDefined();
  });

  it('are kept for ten minutes', async () => {
    const it = stage();
    const { digest } = await it.preview([call('a', {})]);
    it.pass(10 * MINUTE_MS - 1);
    const { digest: other } = await it.preview([call('b', {})]);
    await expect(it.apply(digest)).resolves.toBeDefined();
    it.pass(10 * MINUTE_MS);
    await expect(it.apply(other)).rejects.toMatchObject(UNKNOWN);
  });

  it('start their time anew when previewed again', async () => {
    const it = stage();
    const { digest } = await it.preview([call('a', {})]);
    it.pass(9 * MINUTE_MS);
    await it.preview([call('a', {})]);
    it.pass(9 * MINUTE_MS);
    await expect(it.apply(digest)).resolves.toBeDefined();
  });

  it('drop the oldest of an owner, and none of others', async () => {
    const it = stage({ ...PLAN_BOUNDS, maxPerOwner: 2 });
    const bobs = await it.preview([call('a', {})], { owner: 'bob' });
    const plans: Plan[] = [];
    for (const tool of ['a', 'b', 'c']) plans.push(await it.preview([call(tool, {})]));
    await expect(it.apply(plans[0]!.digest)).rejects.toMatchObject(UNKNOWN);
    await expect(it.apply(plans[1]!.digest)).resolves.toBeDefined();
    await expect(it.apply(bobs.digest, { owner: 'bob' })).resolves.toBeDefined();
  });

  it.each([
    ['in number', { ...PLAN_BOUNDS, max: 2 }],
    ['in bytes', { ...PLAN_BOUNDS, maxBytes: 2 * 2 * 1100 }],
  ])('are bounded %s', async (_, bounds) => {
    const it = stage(bounds);
    const plans: Plan[] = [];
    for (const owner of ['a', 'b', 'c']) {
      plans.push(await it.preview([call('x', { text: 'x'.repeat(1000) })], { owner }));
    }
    await expect(it.apply(plans[0]!.digest, { owner: 'a' })).rejects.toMatchObject(UNKNOWN);
    await expect(it.apply(plans[1]!.digest, { owner: 'b' })).resolves.toBeDefined();
    await expect(it.apply(plans[2]!.digest, { owner: 'c' })).resolves.toBeDefined();
  });
});
