import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EraClient, Progress } from '../eras/client/era-client.ts';
import { serverCommand } from '../eras/harness/server-process.ts';
import { waitUntil } from '../eras/harness/wait-until.ts';
import { ERAS, execute, openCodeStage, type CodeStage } from './code-stage.ts';
import { runnersOf } from './processes.ts';
import { startWorkServer, type WorkServer } from './work-server.ts';

let work: WorkServer;
let stage: CodeStage;

beforeAll(async () => {
  work = await startWorkServer();
  stage = await openCodeStage({
    servers: { work: { url: work.url }, 'old-one': serverCommand('handshake', 'stdio') },
  });
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await work[Symbol.asyncDispose]();
});

beforeEach(() => {
  work.forget();
});

async function nothingComputes(): Promise<void> {
  await waitUntil('no runner to compute', async () => {
    const ticks = (): number => runnersOf(process.pid).reduce((sum, each) => sum + each.ticks, 0);
    const before = ticks();
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    return ticks() - before <= 1 ? true : undefined;
  });
}

describe.each(ERAS)('a script of an official %s client', (era) => {
  let client: EraClient;

  beforeAll(async () => {
    client = await stage.connect(era);
  });

  afterAll(async () => {
    await client[Symbol.asyncDispose]();
  });

  it('joins two servers in one call, in TypeScript [S0-02] [S0-12] [S0-60] [S3-07] [S3-08] [S3-23]', async () => {
    const code = `
      interface Row { id: number }
      const rows: Row[] = await work.list({}) as Row[];
      const sums: number[] = [];
      for (const { id } of rows) {
        const { sum } = await oldOne.add({ a: id, b: 40 });
        sums.push(sum);
      }
      if (sums[1] === 42) await work.note({ text: \`sums \${sums.join(' ')}\` });
      console.log('done with', sums.length);
      return sums;`;
    const executed = await execute(client, code);
    expect(executed).toMatchObject({ isError: false, result: [41, 42], data: { stdout: ['done with 2'] } });
    expect(executed.text).toContain('done with 2');
    expect(work.done.at(-1)).toMatchObject({ tool: 'note', args: { text: 'sums 41 42' } });
  });

  it('is JavaScript when it says so [S0-11]', async () => {
    const code = 'const {sum} = await servers["old-one"].add({a: 20, b: 22}); return sum';
    expect(await execute(client, code, { language: 'javascript' })).toMatchObject({ result: 42 });
  });

  it('is refused with a message of the compiler before anything is called [S0-18] [S0-61]', async () => {
    const code = 'await work.note({ text: "first" });\nreturn await oldOne.add({ a: 1, b: "two" });';
    const executed = await execute(client, code);
    expect(executed).toMatchObject({ isError: true, data: { status: 'check_failed' } });
    expect(executed.text).toMatch(/2:\d+|line 2/);
    expect(work.names).toEqual([]);
  });

  it('has calls under way at the same time, no more than the limit', async () => {
    const before = performance.now();
    const code = `
      const tags = Array.from({ length: 20 }, (_, index) => 't' + index);
      return (await Promise.all(tags.map((tag) => work.wait({ ms: 400, tag })))).length;`;
    expect(await execute(client, code)).toMatchObject({ result: 20 });
    expect(work.peak()).toBe(16);
    expect(performance.now() - before).toBeLessThan(20 * 400);
  });

  it('catches the errors of tools, and fails with those that it does not catch', async () => {
    const caught = await execute(
      client,
      `try { await work.fail({ why: 'no money' }) } catch (error) {
         const { name, message, server, tool } = error as ToolError;
         return { name, message, server, tool };
       }`,
    );
    expect(caught.result).toEqual({ name: 'ToolError', message: 'no money', server: 'work', tool: 'fail' });
    const thrown = await execute(client, `\nconst why = 'no time';\nawait work.fail({ why });`);
    expect(thrown).toMatchObject({
      isError: true,
      data: { status: 'error', error: { name: 'ToolError', message: 'no time', line: 3 } },
    });
    const own = await execute(client, `JSON.parse('null').x`, { language: 'javascript' });
    expect(own).toMatchObject({ isError: true, data: { error: { name: 'TypeError', line: 1 } } });
  });

  it('tells of its progress while it runs, upwards only', async () => {
    const told: Progress[] = [];
    const code =
      'for (let i = 0; i < 4; i++) { console.log("step", i); await work.wait({ ms: 250 }) } return 1';
    await execute(client, code, {}, { onProgress: (progress) => told.push(progress) });
    expect(told.length).toBeGreaterThanOrEqual(4);
    const steps = told.map(({ progress }) => progress);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(told[0]?.message).toBe('step 0');
    expect(told.some(({ message }) => message?.startsWith('work.wait ✓') === true)).toBe(true);
  });

  it('says nothing of its progress when nobody asked', async () => {
    client.forget();
    await execute(client, 'console.log("a"); await work.wait({ ms: 300 }); console.log("b")');
    expect(client.received.map(({ method }) => method)).not.toContain('notifications/progress');
  });

  it('stops at once when it is cancelled: its call is cancelled, and no other is made', async () => {
    const abort = new AbortController();
    const code = 'for (;;) { try { await work.wait({ ms: 1500 }) } catch {} }';
    const running = execute(client, code, {}, { signal: abort.signal });
    const ended = running.then(
      () => 'ended',
      (error: unknown) => String(error),
    );
    await waitUntil('a call', () => (work.underWay() > 0 ? true : undefined));
    abort.abort(new Error('The user pressed stop'));
    expect(await ended).toMatch(/abort|cancel|user/i);
    await waitUntil('the call to be cancelled', () => (work.cancelled() > 0 ? true : undefined));
    const made = work.names.length;
    await nothingComputes();
    expect(work.names).toHaveLength(made);
    const [tree] = await stage.trees();
    expect(tree?.call.outcome).toBe('cancelled');
    expect(tree?.children.at(-1)?.call.outcome).toBe('cancelled');
  });

  it('stops at once when it is cancelled while it computes', async () => {
    const abort = new AbortController();
    const running = execute(
      client,
      'console.log("on"); for (;;);',
      {},
      {
        signal: abort.signal,
        onProgress: () => abort.abort(new Error('The user pressed stop')),
      },
    );
    await expect(running).rejects.toThrow(/abort|cancel|user/i);
    await nothingComputes();
  });

  it('ends after the time that its call names, calls under way included', async () => {
    const code = 'await work.wait({ ms: 10_000 })';
    const executed = await execute(client, code, { timeout: 1 });
    expect(executed).toMatchObject({ isError: true, data: { status: 'timeout', timeoutSeconds: 1 } });
    expect(executed.text).toContain('exceeded 1s');
    await waitUntil('the call to be cancelled', () => (work.cancelled() === 1 ? true : undefined));
    expect(await execute(client, 'return await work.echo({ text: "next" })')).toMatchObject({
      result: 'next',
    });
  });
});
