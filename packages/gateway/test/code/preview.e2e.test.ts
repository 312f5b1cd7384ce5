import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ERAS, execute, openCodeStage, type CodeStage, type Executed } from './code-stage.ts';
import { startWorkServer, type WorkServer } from './work-server.ts';

let work: WorkServer;
let stage: CodeStage;

beforeAll(async () => {
  work = await startWorkServer();
  stage = await openCodeStage({
    servers: { work: { url: work.url } },
    roles: { intern: { allow: ['*:*'], deny: ['work:drop'] } },
  });
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await work[Symbol.asyncDispose]();
});

beforeEach(() => {
  work.forget();
});

const CODE = `
  const rows = await work.list() as { id: number }[];
  for (const { id } of rows) await work.note({ text: 'row ' + id });
  await work.pay({ to: 'bob', amount: rows.length });
  return 'done';`;

interface Plan {
  readonly digest: string;
  readonly calls: readonly { readonly server: string; readonly tool: string; readonly args: unknown }[];
  readonly made: number;
}

function planOf({ data, text }: Executed): Plan {
  if (data['plan'] === undefined) throw new Error(`No plan: ${text}`);
  return data['plan'] as Plan;
}

describe.each(ERAS)('a preview for a %s client', (era) => {
  it('makes the calls that only read, lists the others with their arguments, and applies just these', async () => {
    await using client = await stage.connect(era);
    const preview = await execute(client, CODE, { mode: 'preview' });
    expect(preview.isError).toBe(false);
    expect(work.names).toEqual(['list']);
    const { digest, calls } = planOf(preview);
    expect(calls).toMatchObject([
      { server: 'work', tool: 'note', args: { text: 'row 1' } },
      { server: 'work', tool: 'note', args: { text: 'row 2' } },
      { server: 'work', tool: 'pay', args: { to: 'bob', amount: 2 } },
    ]);
    expect(preview.text).toContain(`apply:${digest}`);
    expect(preview.text).toContain('work pay {"to":"bob","amount":2}');
    const applied = await execute(client, CODE, { mode: `apply:${digest}` });
    expect(applied).toMatchObject({ isError: false, result: 'done' });
    expect(work.names).toEqual(['list', 'list', 'note', 'note', 'pay']);
    // Once.
    expect(await execute(client, CODE, { mode: `apply:${digest}` })).toMatchObject({ isError: true });
    expect(work.names).toHaveLength(5);
  });
});

describe('a plan', () => {
  const code = `const [row] = await work.list() as { id: number }[]; await work.note({ text: 'one ' + row!.id });`;

  async function digestFor(script: string): Promise<string> {
    const { digest } = planOf(await stage.run('alice', script, { mode: 'preview' }));
    work.forget();
    return digest;
  }

  it('is of its principal, its script and its text: nothing else applies it (A34)', async () => {
    const digest = await digestFor(code);
    for (const [who, script] of [
      ['bob', code],
      ['alice', `${code} await work.pay({ to: 'eve', amount: 1 })`],
      ['alice', code.replace('one', 'two')],
    ] as const) {
      const executed = await stage.run(who, script, { mode: `apply:${digest}` });
      expect(executed).toMatchObject({
        isError: true,
        data: { error: { code: expect.stringMatching(/^PLAN_/) } },
      });
    }
    expect(work.names).toEqual([]);
    for (const mode of ['apply:sha256:00', 'apply:', 'apply', 'dry', `apply:sha256:${'0'.repeat(64)}`]) {
      expect(await stage.run('alice', code, { mode })).toMatchObject({ isError: true });
    }
    expect(await stage.run('alice', code, { mode: `apply:${digest}` })).toMatchObject({ isError: false });
  });

  it('refuses a call that is not on it, although the script is the same', async () => {
    const swaying = `const on = Math.random(); const many = Array.from({ length: 1 + Math.floor(on * 1e6) % 7 });
      await work.note({ text: String(on) });`;
    const digest = await digestFor(swaying);
    const executed = await stage.run('alice', swaying, { mode: `apply:${digest}` });
    expect(executed).toMatchObject({ isError: true, data: { error: { name: 'ToolError' } } });
    expect(work.names).toEqual([]);
  });

  it('makes no call that policy refuses, whatever was previewed', async () => {
    const drop = `return await call('work', 'drop', { name: 'x' }).catch(({ code }: ToolError) => code)`;
    const preview = await stage.run('ivan', drop, { mode: 'preview' });
    expect(preview.result).toBe('TOOL_UNKNOWN');
    expect(work.names).toEqual([]);
  });

  it('records what it makes, and nothing of what it only lists', async () => {
    await stage.run('alice', code, { mode: 'preview' });
    const [tree] = await stage.trees();
    expect(tree?.children.map(({ call }) => call.name)).toEqual(['list']);
  });

  it('neither saves scripts nor adds servers in a preview', async () => {
    for (const script of [
      `await saveScript({ name: 'x', description: 'x', code: 'return 1' })`,
      `await servers.add({ name: 'x', url: 'https://example.com/mcp' })`,
    ]) {
      expect(await stage.run('alice', script, { mode: 'preview' })).toMatchObject({ isError: true });
    }
    expect(await stage.fixture.foundation.store.scripts.list(undefined)).toEqual([]);
  });
});
