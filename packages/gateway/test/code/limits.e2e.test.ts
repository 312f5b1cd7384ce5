import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KEYS, openCodeStage, type CodeStage } from './code-stage.ts';
import { startWorkServer, type WorkServer } from './work-server.ts';

let work: WorkServer;

beforeAll(async () => {
  work = await startWorkServer();
});

afterAll(async () => {
  await work[Symbol.asyncDispose]();
});

beforeEach(() => {
  work.forget();
});

const SAYS = `const say = (p: Promise<unknown>) => p.then(() => 'ok', ({ code, retryAfterMs }: ToolError) => [code, typeof retryAfterMs]);\n`;

function limited(stage: Record<string, unknown>): Promise<CodeStage> {
  return openCodeStage({ servers: { work: { url: work.url, ...stage } } });
}

describe('the calls of a script count one by one', () => {
  it('in the rate of a tool, together with plain calls', async () => {
    await using stage = await limited({ tools: { echo: { rate: { calls: '4/h' } } } });
    const plain = stage.modern('bob', '/mcp/work');
    const before = await plain.request('tools/call', { name: 'echo', arguments: { text: 'plain' } });
    expect(before.result).toBeDefined();
    const code = `${SAYS}const said: unknown[] = [];
      for (let i = 0; i < 5; i++) said.push(await say(work.echo({ text: 'x' })));
      said.push(await say(work.pay({ to: 'a', amount: 1 })));
      return said;`;
    const { result } = await stage.run('alice', code);
    const refused = ['RATE_LIMITED', 'number'];
    expect(result).toEqual(['ok', 'ok', 'ok', refused, refused, 'ok']);
    const after = await plain.request('tools/call', { name: 'echo', arguments: { text: 'plain' } });
    expect(after.error).toMatchObject({ code: 42_901 });
    const [tree] = await stage.trees();
    expect(tree?.children.map(({ call }) => call.code)).toEqual([
      undefined,
      undefined,
      undefined,
      'RATE_LIMITED',
      'RATE_LIMITED',
      undefined,
    ]);
  });

  it('in the rate of a server', async () => {
    await using stage = await limited({ limits: { rate: { calls: '2/h' } } });
    const code = `${SAYS}return await Promise.all(['a', 'b', 'c'].map((text) => say(work.echo({ text }))));`;
    const { result } = await stage.run('alice', code);
    expect(result).toEqual(expect.arrayContaining(['ok', 'ok', ['RATE_LIMITED', 'number']]));
    expect(work.names).toHaveLength(2);
  });

  it('in the rate of the principal, as the execution itself does', async () => {
    await using stage = await openCodeStage({
      servers: { work: { url: work.url } },
      config: { limits: { principal: { rate: { calls: '4/h' } } } },
    });
    const code = `${SAYS}const said: unknown[] = [];
      for (let i = 0; i < 5; i++) said.push(await say(work.echo({ text: 'x' })));
      return said;`;
    const { result } = await stage.run('alice', code);
    expect((result as unknown[]).filter((said) => said === 'ok')).toHaveLength(3);
    await expect(stage.run('alice', 'return 1')).rejects.toThrow(/too many|rate/i);
    expect(await stage.run('bob', 'return 1')).toMatchObject({ result: 1 });
  });

  it.each<[string, Record<string, unknown>, number]>([
    ['tool', { tools: { wait: { concurrency: 3 } } }, 3],
    ['server', { limits: { concurrency: 2 } }, 2],
  ])('among the calls in flight of a %s', async (_what, more, most) => {
    await using stage = await limited(more);
    const code = `${SAYS}const all = Array.from({ length: 8 }, () => say(work.wait({ ms: 300 })));
      return (await Promise.all(all)).filter((said) => said === 'ok').length;`;
    expect(await stage.run('alice', code)).toMatchObject({ result: most });
    expect(work.peak()).toBe(most);
  });

  it('among the calls in flight of the principal, in which the execution is one', async () => {
    await using stage = await openCodeStage({
      servers: { work: { url: work.url } },
      config: { limits: { principal: { concurrency: 4 } } },
    });
    const code = `${SAYS}const all = Array.from({ length: 8 }, () => say(work.wait({ ms: 300 })));
      return (await Promise.all(all)).filter((said) => said === 'ok').length;`;
    expect(await stage.run('alice', code)).toMatchObject({ result: 3 });
    expect(work.peak()).toBe(3);
  });
});

describe('the bounds of one script [S0-16] [S0-23]', () => {
  let stage: CodeStage;

  beforeAll(async () => {
    stage = await openCodeStage({
      servers: { work: { url: work.url } },
      codeMode: {
        timeout_seconds: 3,
        max_timeout_seconds: 5,
        limits: { calls: 5, call_bytes: 2000, source_bytes: 5000, result_bytes: 5000, cpu_seconds: 1 },
      },
    });
  });

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  it.each<[string, string, object]>([
    ['calls', `for (let i = 0; i < 9; i++) await work.echo({ text: 'x' })`, { status: 'limit' }],
    ['the arguments of a call', `await work.echo({ text: 'x'.repeat(3000) })`, { status: 'limit' }],
    ['its result', `return 'x'.repeat(6000)`, { status: 'limit' }],
    ['its source', `return 1 //${'x'.repeat(5000)}`, { status: 'validation_error' }],
    ['processor time', `for (;;);`, { status: 'timeout' }],
    ['time', `await work.wait({ ms: 60_000 })`, { status: 'timeout', timeoutSeconds: 3 }],
  ])('end it by %s, and say which', async (_what, code, data) => {
    const executed = await stage.run('alice', code);
    expect(executed).toMatchObject({ isError: true, data });
    expect(await stage.run('alice', 'return 1')).toMatchObject({ result: 1 });
  });

  it('hold for the time that a call names as well', async () => {
    const before = performance.now();
    const executed = await stage.run('alice', `await work.wait({ ms: 60_000 })`, { timeout: 1000 });
    expect(executed.data).toMatchObject({ status: 'timeout', timeoutSeconds: 5 });
    expect(performance.now() - before).toBeLessThan(9000);
  });
});

describe('the door itself', () => {
  it('wants a key like every other (A39)', async () => {
    await using stage = await limited({});
    const answer = await fetch(stage.url('/code'), { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
    const query = await fetch(`${stage.url('/code')}?token=${KEYS.alice}`, { method: 'POST', body: '{}' });
    expect(query.status).toBe(401);
    expect((await fetch(stage.url('/code/sessions'))).status).toBe(401);
  });
});
