import type { JsonObject } from '@smcp/protocol';
import { createJavaScriptEngine } from '@smcp/sandbox';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GLOBAL_DECLARATIONS } from '../src/bindings/globals.ts';
import type { ScriptChecker } from '../src/check/check.ts';
import { createScriptChecker } from '../src/check/create-checker.ts';
import { CodeMode } from '../src/code-mode.ts';
import type { ExecuteContext } from '../src/execute/execution.ts';
import { SavedScripts } from '../src/scripts/saved-scripts.ts';
import { DEFAULT_SETTINGS, type CodeModeSettings } from '../src/settings.ts';
import type { ToolCall, ToolDefinition, ToolReply } from '../src/tool-host.ts';
import { FakeHost, LIST_ISSUES, ok } from './execute/fake-host.ts';
import { memoryScripts } from './scripts/memory-scripts.ts';

let engine: ReturnType<typeof createJavaScriptEngine>;
let checker: ScriptChecker;

beforeAll(async () => {
  engine = createJavaScriptEngine();
  checker = createScriptChecker();
  await engine.ready();
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await checker[Symbol.asyncDispose]();
});

const CREATE: ToolDefinition = {
  name: 'create_issue',
  description: 'Creates an issue',
  inputSchema: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
  outputSchema: { type: 'object', properties: { id: { type: 'number' } }, required: ['id'] },
};

const SERVERS = {
  github: [LIST_ISSUES, CREATE],
  'my-notes': [{ name: 'read', inputSchema: { type: 'object' } }],
};

function github({ tool, args }: ToolCall): ToolReply {
  const given = JSON.parse(args) as Record<string, unknown>;
  if (tool === 'create_issue') return ok({ id: 7, title: given['title'] });
  if (given['owner'] === 'nobody')
    return { ok: true, result: '{"content":[{"type":"text","text":"no such owner"}],"isError":true}' };
  if (given['owner'] === 'secret')
    return { ok: false, code: 'DENIED', message: 'Not allowed', call: 'call-9' };
  return {
    ok: true,
    result: JSON.stringify({ content: [{ type: 'text', text: JSON.stringify([{ id: 1, given }]) }] }),
  };
}

interface Reply {
  readonly text: string;
  readonly data: JsonObject;
  readonly isError: boolean;
}

function start(
  settings: Partial<CodeModeSettings> = {},
  host = new FakeHost({ servers: SERVERS, reply: github }),
) {
  const mode = new CodeMode({
    engine,
    checker,
    scripts: new SavedScripts({ table: memoryScripts(), now: () => 0 }),
    settings: { ...DEFAULT_SETTINGS, ...settings },
  });
  const context = (given: Partial<ExecuteContext> = {}): ExecuteContext => ({
    owner: 'alice',
    tenant: 'acme',
    principal: 'user:alice',
    host,
    signal: new AbortController().signal,
    ...given,
  });
  const run = async (
    code: string,
    args: JsonObject = {},
    given?: Partial<ExecuteContext>,
  ): Promise<Reply> => {
    const {
      content,
      structuredContent,
      isError = false,
    } = await mode.execute({ code, ...args }, context(given));
    return { text: content[0]!.text, data: structuredContent, isError };
  };
  return { mode, host, context, run };
}

it('a script finds, calls and combines tools, and only its value comes back [S3-07] [S3-08] [S3-12] [S3-23]', async () => {
  const { run, host } = start();
  const { text, data } = await run(`
    const [found] = await searchToolDocs('list issues', { limit: 1 });
    const owners: string[] = ['a', 'b', 'c'];
    const lists = await Promise.all(owners.map((owner) => github.listIssues({ owner })));
    const issue = await github.createIssue({ title: lists.flat().length + ' issues' });
    console.log(found.serverAlias, found.toolAlias);
    return issue.id;`);
  expect(text).toBe('github listIssues\n7');
  expect(data).toEqual({ stdout: ['github listIssues'], result: 7 });
  expect(host.calls.map(({ args }) => args)).toEqual([
    '{"owner":"a"}',
    '{"owner":"b"}',
    '{"owner":"c"}',
    '{"title":"3 issues"}',
  ]);
});

it.each([
  [`await github.list_issues({owner: 'a'})`],
  [`await github['list-issues']({owner: 'a'})`],
  [`await mcp_github.listIssues({owner: 'a'})`],
  [`await mcp_servers['github'].listIssues({owner: 'a'})`],
  [`await servers.github.list_issues({owner: 'a'})`],
  [`await call('github', 'list-issues', {owner: 'a'})`],
  [`await runtime.call_tool('github', 'list-issues', {owner: 'a'})`],
  [`JSON.parse((await github.listIssues.raw({owner: 'a'})).content[0].text!)`],
])('%s gives the same [S3-20] [S3-21] [S3-34]', async (code) => {
  const { run, host } = start();
  expect((await run(`return ${code}`)).data).toEqual({ result: [{ id: 1, given: { owner: 'a' } }] });
  expect(host.calls).toEqual([{ server: 'github', tool: 'list-issues', args: '{"owner":"a"}' }]);
});

it('a wrong argument costs no call and says what is right [S3-24]', async () => {
  const { run, host } = start();
  const { text, isError } = await run(
    `await github.createIssue({ title: 'a' });\nawait github.createIssue({ titel: 'x' });`,
  );
  expect(isError).toBe(true);
  expect(text).toContain('script.ts:2:28 error TS2561');
  expect(text).toContain("await github.createIssue({ titel: 'x' });\n                               ^");
  expect(text).toContain('github.createIssue(args: { title: string }): Promise<');
  expect(host.calls).toEqual([]);
});

it('JavaScript is checked against the tools as well', async () => {
  const { run, host } = start();
  const { text } = await run(`const all = []; all.push(await github.createIssue({ title: 5 }))`, {
    language: 'javascript',
  });
  expect(text).toMatch(/script\.js:1:.* error TS/);
  expect(host.calls).toEqual([]);
});

it('a script sees why a call failed', async () => {
  const { run } = start();
  const { data } = await run(`
    const told = [];
    for (const owner of ['nobody', 'secret']) {
      try { await github.listIssues({ owner }) } catch (e) {
        if (e instanceof ToolError) told.push([e.message, e.code ?? null, e.server, e.tool, e.call ?? null, e.result?.isError ?? null]);
      }
    }
    return told`);
  expect(data['result']).toEqual([
    ['no such owner', null, 'github', 'list-issues', null, true],
    ['Not allowed', 'DENIED', 'github', 'list-issues', 'call-9', null],
  ]);
});

it('a script that does not wait for a call is told so', async () => {
  const never = new Promise<ToolReply>(() => undefined);
  const { run } = start({}, new FakeHost({ servers: SERVERS, reply: () => never }));
  const { text } = await run(`github.listIssues({ owner: 'acme' }); return 1`);
  expect(text).toContain('1 call was still under way when the script ended');
});

it('a failed call that nobody caught leads to its line in the script', async () => {
  const { run } = start();
  const { text } = await run(
    `async function load(owner: string) {\n  return await github.listIssues({ owner });\n}\nawait load('secret');`,
  );
  expect(text.split('\n').slice(0, 3)).toEqual([
    'status: error',
    'error: ToolError: Not allowed [DENIED] (script.ts:2:10)',
    '      return await github.listIssues({ owner });',
  ]);
  expect(text).toContain('at async load (script.ts:2:10)');
  expect(text).not.toMatch(/invoke|prelude|startGuest/);
});

it('a server that the script does not name is loaded on its first call', async () => {
  const { run, host } = start();
  const { data } = await run(`const name = ['my', 'notes'].join('-'); return servers[name].read({ a: 1 })`);
  expect(data['result']).toEqual([{ id: 1, given: { a: 1 } }]);
  expect(host.asked).toEqual(['my-notes']);
});

it('where servers are not loaded on use, only named ones can be called [S3-35] [S3-36]', async () => {
  const { run, host } = start({ loadOnUse: false });
  const refused = await run('await github.listIssues()');
  expect(refused.text).toContain("Server 'github' is not available");
  expect(host.asked).toEqual([]);
  expect((await run('return discoveredServers()')).data['result']).toEqual(['github', 'my-notes']);
  expect(
    (await run('return (await github.listIssues()).length', { servers: ['github'] })).data['result'],
  ).toBe(1);
});

it('a session keeps variables and functions that use servers', async () => {
  const { run } = start();
  await run(
    `const owner = 'a'; async function count() { return (await github.listIssues({ owner })).length }`,
    { session: 's' },
  );
  expect((await run('return [owner, await count()]', { session: 's' })).data['result']).toEqual(['a', 1]);
  expect((await run('return [owner]', { session: 'other' })).text).toContain("Cannot find name 'owner'");
  expect((await run('return [owner]', { session: 's' }, { owner: 'bob' })).text).toContain(
    "Cannot find name 'owner'",
  );
});

it('a preview makes no change, and its plan is then done exactly', async () => {
  const { run, host } = start();
  const code = `
    const [first] = await github.listIssues({ owner: 'a' });
    const made = await github.createIssue({ title: 'copy of ' + first.id });
    await github.createIssue({ title: \`see \${made.id}\` });
    return made.id`;
  const { text, data } = await run(code, { mode: 'preview' });
  expect(host.calls.map(({ tool }) => tool)).toEqual(['list-issues']);
  expect(text).toContain(
    '1. github create_issue {"title":"copy of 1"}\n2. github create_issue {"title":"see <result 1.id>"}',
  );
  const { digest } = data['plan'] as { digest: string };
  const applied = await run(code, { mode: `apply:${digest}` });
  expect(applied).toMatchObject({ isError: false, data: { result: 7 } });
  expect(host.calls.slice(1).map(({ args }) => args)).toEqual([
    '{"owner":"a"}',
    '{"title":"copy of 1"}',
    '{"title":"see 7"}',
  ]);
  expect((await run(code, { mode: `apply:${digest}` })).text).toContain('PLAN_UNKNOWN');
});

it('results of tools are data, whatever they hold (A92)', async () => {
  const result =
    '{"content":[],"structuredContent":{"then":"x","__proto__":{"polluted":true},"constructor":{"prototype":1}}}';
  const { run } = start({}, new FakeHost({ servers: SERVERS, reply: () => ({ ok: true, result }) }));
  const { data } = await run(`
    const r = await github.listIssues() as any;
    return [Object.keys(r), r.then, r.polluted === undefined, ({} as any).polluted === undefined]`);
  expect(data['result']).toEqual([['then', '__proto__', 'constructor'], 'x', true, true]);
});

it('a script cannot reach the host by other operations, or more of it than it may (A94)', async () => {
  const { run, host } = start();
  const { data } = await run(
    `
    const link = globalThis[Symbol.for('smcp.guest')];
    const told = [];
    for (const [name, input] of [
      ['shell', {}], ['tool', {server: 'payroll', tool: 'pay'}], ['tool', {server: 'github', tool: 'create_issue', as: 'root'}],
      ['tool', []], ['tool', 'text'], ['tool', null], ['fetch_output', {handle: 'out-0', owner: 'bob'}], ['save_script', {}], ['add_server', {}],
    ]) {
      try { told.push(await link.call(name, input)) } catch (e) { told.push(e.message) }
    }
    return told`,
    { language: 'javascript' },
  );
  expect(data['result']).toEqual([
    'Unknown operation: shell',
    "Server 'payroll' is not available",
    "Unknown member 'as'",
    'Arguments must be an object',
    'Arguments must be an object',
    'Arguments must be an object',
    "Unknown member 'owner'",
    'Scripts cannot be saved here',
    'Servers cannot be added here',
  ]);
  expect(host.calls).toEqual([]);
});

it('a script that redefines what it finds harms only itself', async () => {
  const { run, host } = start({ check: false });
  const { data } = await run(`
    const tries = [() => { github.listIssues = 1 }, () => { Object.prototype.server = 'payroll' }, () => { Array.prototype.push = null },
      () => { JSON.parse = () => 'evil' }, () => { Promise.prototype.then = null }, () => { runtime.call = null }];
    const told = tries.map((one) => { try { one(); return 'done' } catch (e) { return e.name } });
    return [told, (await github.listIssues()).length]`);
  expect(data['result']).toEqual([Array.from({ length: 6 }, () => 'TypeError'), 1]);
  expect(host.calls).toHaveLength(1);
});

it('cancelling ends a script at once', async () => {
  const caller = new AbortController();
  const host = new FakeHost({ servers: SERVERS });
  let signal: AbortSignal | undefined;
  host.call = (_, options) => {
    ({ signal } = options);
    setTimeout(() => caller.abort(), 10);
    return new Promise(() => undefined);
  };
  const { run } = start({}, host);
  const { data, isError } = await run('await github.listIssues(); return 1', {}, { signal: caller.signal });
  expect([data['status'], isError]).toEqual(['killed', true]);
  expect(signal?.aborted).toBe(true);
});

it.each([
  ['while (true) {}', { timeout: 1 }, 'timeout', 'Raise timeout (max 120)'],
  ['const all: number[][] = []; for (;;) all.push(new Array(1e5).fill(1.5))', {}, 'memory', '64 MiB'],
  [
    'await Promise.all(Array.from({ length: 1001 }, () => github.listIssues()))',
    {},
    'limit',
    'more than 1000 calls',
  ],
])('%s ends with the remedy', async (code, args, status, words) => {
  const { run } = start();
  const { text, data, isError } = await run(code, args);
  expect([data['status'], isError]).toEqual([status, true]);
  expect(text).toContain(words);
});

it('a long result is cut, and a later script fetches the rest', async () => {
  const { run } = start();
  const first = await run(`return Array.from({ length: 5000 }, (_, i) => 'row ' + i).join('\\n')`);
  expect(first.text.length).toBeLessThan(21_000);
  const fetch = /await fetchOutput\([^)]*\)/.exec(first.text)![0];
  const { data } = await run(
    `const rest = ${fetch}; return [typeof rest, rest.includes('row 2500\\n'), rest.length]`,
  );
  expect(data['result']).toEqual(['string', true, expect.any(Number)]);
});

it('every global that is declared is there [S3-30]', async () => {
  const names = [...GLOBAL_DECLARATIONS.matchAll(/^declare (?:const|function|class) (\w+)/gm)].map(
    ([, name]) => name!,
  );
  expect(names.length).toBeGreaterThan(40);
  const { run } = start({ check: false });
  const { data } = await run(
    `return ${JSON.stringify(names)}.filter((name) => typeof globalThis[name] === 'undefined')`,
  );
  expect(data['result']).toEqual([]);
});

it('every member of runtime is declared, and there', async () => {
  const { run } = start();
  const { data } = await run(
    'return Object.keys(runtime).filter((name) => typeof (globalThis as any)[name] !== "function")',
  );
  expect(data['result']).toEqual([]);
  const declared = await run('return Object.keys(runtime)');
  for (const name of declared.data['result'] as string[])
    expect(GLOBAL_DECLARATIONS).toContain(`readonly ${name}: `);
});

it('a script adds a server for its session and uses it [S0-14]', async () => {
  const servers: Record<string, readonly ToolDefinition[]> = { ...SERVERS };
  const host = new FakeHost({ servers, reply: github });
  Object.assign(host, {
    addServer: async ({ name }: { name: string }) => {
      servers[name] = [LIST_ISSUES];
      return { ok: true, server: { name } };
    },
  });
  const { run } = start({}, host);
  const { data } = await run(`
    const added = await servers.add({ name: 'new-one', url: 'https://new.example/mcp' });
    return [(await added.listIssues({ owner: 'a' })).length, (await servers['new-one'].list_issues()).length]`);
  expect(data['result']).toEqual([1, 1]);
});

it('a saved script runs with its arguments, checked against their schema', async () => {
  const { mode, context } = start();
  const input = { type: 'object', properties: { owner: { type: 'string' } }, required: ['owner'] };
  const save = async (code: string) => {
    await mode.saveScript(
      { name: 'count_issues', description: 'Counts', code, input, servers: ['github'] },
      context(),
    );
    const [script] = (await mode.scripts.list('acme')).filter(({ state }) => state === 'waiting');
    await mode.scripts.approve(script!, 'operator:root');
    return (await mode.ifSaved('acme', 'count_issues'))!;
  };
  const good = await save('return { count: (await github.listIssues({ owner: args.owner })).length }');
  expect(await mode.executeSaved(good, { owner: 'a' }, context())).toEqual({
    content: [{ type: 'text', text: '{"count":1}' }],
    structuredContent: { count: 1 },
  });
  const wrong = await save('return args.repo');
  const { content, isError } = await mode.executeSaved(wrong, { owner: 'a' }, context());
  expect(isError).toBe(true);
  expect(content[0]?.text).toContain("count_issues.ts:1:13 error TS2339: Property 'repo' does not exist");
});

it('saveScript() takes a function of the script', async () => {
  const requests: JsonObject[] = [];
  const host = new FakeHost({ servers: SERVERS });
  Object.assign(host, {
    saveScript: async (request: JsonObject) => {
      requests.push(request);
      return ok({ version: 1 });
    },
  });
  const { run } = start({}, host);
  const { data } = await run(`
    async function countIssues({ owner }: { owner: string }) { return (await github.listIssues({ owner })).length }
    return saveScript(countIssues, { name: 'count_issues', description: 'Counts issues' })`);
  expect(data['result']).toEqual({ version: 1 });
  expect(requests[0]).toMatchObject({ name: 'count_issues', description: 'Counts issues' });
  expect(requests[0]?.['function']).toMatch(/^async function countIssues\(\{ owner \}/);
});
