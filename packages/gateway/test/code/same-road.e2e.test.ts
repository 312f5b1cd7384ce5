import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../eras/harness/wait-until.ts';
import { KEYS, openCodeStage, type CodeStage } from './code-stage.ts';
import { startWorkServer, type WorkServer } from './work-server.ts';

const CARD = '4111-1111-1111-1111';

let work: WorkServer;
let stage: CodeStage;

beforeAll(async () => {
  work = await startWorkServer();
  stage = await openCodeStage({
    servers: {
      work: { url: work.url, description: 'Where the work is done', tools: { note: { redact: ['secret'] } } },
      hidden: { url: work.url, description: 'Nobody of the interns knows of it' },
    },
    roles: {
      intern: {
        allow: ['smcp:smcp_execute', 'work:*'],
        deny: ['work:drop', { tool: 'work:pay', arguments: { amount: { type: 'number', minimum: 100 } } }],
      },
      ops: { allow: ['work:*'] },
    },
  });
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await work[Symbol.asyncDispose]();
});

beforeEach(() => {
  work.forget();
});

describe('the calls of a script', () => {
  it('are records of their own beneath the execution, in order and with what came of each [S1-18] [S1-51]', async () => {
    await stage.run(
      'alice',
      `await work.echo({ text: 'one' });
       await work.fail({ why: 'two' }).catch(() => 0);
       await Promise.all([work.echo({ text: 'three' }), work.pay({ to: 'bob', amount: 4 })]);`,
    );
    const [tree] = await stage.trees();
    expect(tree?.call).toMatchObject({ door: 'code', server: 'smcp', name: 'smcp_execute', outcome: 'ok' });
    const children = tree?.children ?? [];
    expect(children.map(({ call }) => [call.name, call.outcome])).toEqual([
      ['echo', 'ok'],
      ['fail', 'tool_error'],
      ['echo', 'ok'],
      ['pay', 'ok'],
    ]);
    for (const { call, afterMs } of children) {
      expect(call).toMatchObject({
        door: 'script',
        parent: tree?.call.call,
        principal: 'key:alice',
        server: 'work',
        decision: { effect: 'allow', source: { file: stage.fixture.file } },
      });
      expect(call.argumentsDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(afterMs).toBeGreaterThanOrEqual(0);
    }
    expect(new Set(children.map(({ call }) => call.call)).size).toBe(4);
    expect(children[3]?.call.arguments).toEqual({ to: 'bob', amount: 4 });
    expect((await stage.verify()).ok).toBe(true);
  });

  it('have the same digest of arguments, and the same holes in them, as plain calls', async () => {
    const args = { text: 'pay by card', secret: CARD };
    await stage.modern('alice', '/mcp/work').request('tools/call', { name: 'note', arguments: args });
    await stage.run('alice', `await work.note(${JSON.stringify(args)})`);
    const [plain, scripted] = (await stage.calls()).filter(({ name }) => name === 'note').slice(-2);
    expect([plain?.door, scripted?.door]).toEqual(['mcp', 'script']);
    expect(scripted?.argumentsDigest).toBe(plain?.argumentsDigest);
    expect(scripted?.arguments).toEqual(plain?.arguments);
    expect(JSON.stringify(scripted?.arguments)).not.toContain(CARD);
    expect(work.done.map(({ args: given }) => given)).toEqual([args, args]);
  });

  it('cannot run scripts: what serves them is out of reach', async () => {
    const executed = await stage.run(
      'alice',
      `const tries = [['smcp', 'smcp_execute'], ['smcp', 'save_script'], ['smcp', 'add_server'], ['SMCP', 'smcp_execute']];
       const said = await Promise.all(tries.map(([server, tool]) =>
         call(server!, tool!, { code: 'return 1' }).then(() => 'ran', (error: ToolError) => error.code)));
       return [said, discoveredServers()];`,
    );
    expect(executed.result).toEqual([Array(4).fill('SERVER_UNKNOWN'), ['work', 'hidden']]);
    const [tree] = await stage.trees();
    expect(tree?.children.map(({ call }) => [call.server, call.name, call.outcome, call.code])).toEqual([
      ['', 'smcp:smcp_execute', 'refused', 'UNKNOWN'],
      ['', 'smcp:save_script', 'refused', 'UNKNOWN'],
      ['', 'smcp:add_server', 'refused', 'UNKNOWN'],
      ['', 'SMCP:smcp_execute', 'refused', 'UNKNOWN'],
    ]);
  });
});

describe('what the roles of the caller leave out [S1-10] [S1-11] [S1-35] [S3-54]', () => {
  it('is nowhere in a script: in no list, search, document or declaration [S0-26] (A12) (A20)', async () => {
    const code = `
      const found = await searchToolDocs('drop remove delete something', { limit: 20, detail: 'full' });
      const [list, docs, described] = [await listTools('work'), await queryToolDocs('work', { detail: 'full' }), await describeServer('work')];
      return JSON.stringify({
        found, list, docs, described, names: Object.keys(work), servers: discoveredServers({ detailed: true }),
        all: await listServers(), loaded: await listLoadedServerMetadata(), global: Object.keys(mcp_servers),
      });`;
    const ivan = await stage.run('ivan', code);
    expect(ivan.isError).toBe(false);
    expect(ivan.result).toContain('echo');
    expect(ivan.result).not.toMatch(/drop|hidden|nobody/i);
    // The same script shows both to somebody who may use them.
    const alice = await stage.run('alice', code);
    expect(alice.result).toMatch(/drop/);
    expect(alice.result).toMatch(/hidden/);
  });

  it('is not declared: a script that uses it is refused before it runs', async () => {
    const checked = await stage.run(
      'ivan',
      `await work.echo({ text: 'a' });\nawait work.drop({ name: 'b' });`,
    );
    expect(checked).toMatchObject({ isError: true, data: { status: 'check_failed' } });
    expect(checked.text).not.toMatch(/Does drop/);
    const other = await stage.run('ivan', `return await hidden.echo({ text: 'a' })`);
    expect(other).toMatchObject({ isError: true, data: { status: 'check_failed' } });
    expect(work.names).toEqual([]);
  });

  it('cannot be called under any name; every attempt is recorded as a refusal [S1-18] (A37)', async () => {
    const executed = await stage.run(
      'ivan',
      `const tries: [string, string][] = [['work', 'drop'], ['work', 'Drop'], ['hidden', 'echo'], ['work', 'nothing']];
       const said: unknown[] = [];
       for (const [server, tool] of tries) {
         said.push(await call(server, tool, { name: 'x' }).catch(({ name, code }: ToolError) => [name, code]));
       }
       return said;`,
    );
    expect(executed.result).toEqual([
      ['ToolError', 'TOOL_UNKNOWN'],
      ['ToolError', 'TOOL_UNKNOWN'],
      ['ToolError', 'SERVER_UNKNOWN'],
      ['ToolError', 'TOOL_UNKNOWN'],
    ]);
    expect(work.names).toEqual([]);
    const [tree] = await stage.trees();
    expect(
      tree?.children.map(({ call }) => [call.server, call.name, call.code, call.decision.effect]),
    ).toEqual([
      ['work', 'drop', 'DENIED', 'deny'],
      ['work', 'drop', 'DENIED', 'deny'],
      ['', 'hidden:echo', 'DENIED', 'deny'],
      ['work', 'nothing', 'UNKNOWN', 'allow'],
    ]);
  });

  it('is decided by the arguments of each call', async () => {
    const executed = await stage.run(
      'ivan',
      `const said: unknown[] = [];
       for (const amount of [99, 100, 1e9]) {
         said.push(await work.pay({ to: 'bob', amount }).catch(({ code, message }: ToolError) => [code, message]));
       }
       return said;`,
    );
    const refused = ['UNKNOWN', 'Unknown tool: pay'];
    expect(executed.result).toEqual([{ paid: 99, to: 'bob' }, refused, refused]);
    expect(work.names).toEqual(['pay']);
  });

  it('can be running scripts at all: then there is no door', async () => {
    const { status, error } = await stage
      .modern('olga')
      .request('tools/call', { name: 'smcp_execute', arguments: { code: 'return 1' } });
    expect({ status, code: error?.code }).toEqual({ status: 404, code: -32_600 });
    expect(await stage.raw('olga').connect()).toMatchObject({ status: 404 });
  });
});

describe('a login that ends while a script runs', () => {
  it('makes no more calls from then on (A50)', async () => {
    const config = (keys: readonly object[]) => ({
      listen: '127.0.0.1:0',
      servers: { work: { url: work.url } },
      api_keys: keys,
      roles: { eng: { allow: ['*:*'] } },
      code_mode: {},
    });
    const bob = { name: 'bob', key: KEYS.bob, role: 'eng' };
    await using own = await openCodeStage({ servers: { work: { url: work.url } } });
    const code = `const said: unknown[] = [];
      for (let i = 0; i < 20; i++) said.push(await work.wait({ ms: 200 }).then(() => 'ok', ({ code }: ToolError) => code));
      return [...new Set(said)];`;
    const [alices, bobs] = [own.run('alice', code), own.run('bob', code)];
    await waitUntil('both to run', () => (work.underWay() === 2 ? true : undefined));
    await own.fixture.write(config([bob]));
    await own.fixture.gateway.reload();
    expect((await alices).result).toEqual(['ok', 'UNAUTHENTICATED']);
    const made = work.names.length;
    expect(made).toBeLessThan(40);
    expect((await bobs).result).toEqual(['ok']);
  });
});

describe('reasons', () => {
  it('are shown to scripts where the operator wants callers to see them', async () => {
    await using open = await openCodeStage({
      servers: { work: { url: work.url } },
      roles: {
        intern: {
          allow: ['*:*'],
          deny: [{ tool: 'work:pay', arguments: { amount: { type: 'number', minimum: 100 } } }],
        },
      },
      config: { policy: { show_reasons: true } },
    });
    const code = `return await work.pay({ to: 'a', amount: 100 }).catch(({ code, message }: ToolError) => [code, message])`;
    const { result } = await open.run('ivan', code);
    expect(result).toMatchObject(['DENIED', expect.stringMatching(/^Denied by policy: .*intern/)]);
  });
});
