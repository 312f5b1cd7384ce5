import { expect, it } from 'vitest';
import { createDiscovery } from '../../src/discovery/create-discovery.ts';
import type { CallHook } from '../../src/execute/call-hook.ts';
import type { ProgressNote } from '../../src/execute/execution.ts';
import { Progress } from '../../src/execute/progress.ts';
import { RunHost } from '../../src/execute/run-host.ts';
import { RunServers } from '../../src/execute/run-servers.ts';
import { OutputStore } from '../../src/output/output-store.ts';
import { DEFAULT_SETTINGS } from '../../src/settings.ts';
import { callContext, failureOf, FakeHost, ok } from './fake-host.ts';

interface Made {
  readonly host?: FakeHost;
  readonly mode?: 'run' | 'preview' | 'apply';
  readonly hook?: CallHook;
  readonly loadOnUse?: boolean;
}

function start({ host = new FakeHost(), mode = 'run', hook, loadOnUse = true }: Made = {}) {
  const notes: ProgressNote[] = [];
  const clock = { ms: 0 };
  const outputs = new OutputStore({ now: () => clock.ms });
  const run = new RunHost({
    context: { owner: 'alice', host },
    mode,
    hook,
    servers: new RunServers({ host, loadOnUse }),
    discovery: createDiscovery({ host, settings: DEFAULT_SETTINGS }),
    outputs,
    progress: new Progress(
      (note) => notes.push(note),
      () => clock.ms,
    ),
    maxInputChars: 10_000,
    now: () => clock.ms,
  });
  const ask = async (name: string, input: unknown, context = callContext()): Promise<unknown> =>
    JSON.parse(await run.call(name, typeof input === 'string' ? input : JSON.stringify(input), context));
  return { host, run, ask, notes, clock, outputs };
}

const call = (args?: unknown) => ({ server: 'github', tool: 'list-issues', args });

it.each(['list-issues', 'listIssues', 'list_issues', 'LISTISSUES'])(
  'tool calls a tool by the name %s',
  async (tool) => {
    const { ask, host } = start();
    const reply = await ask('tool', { server: 'github', tool, args: { owner: 'a' } });
    expect(reply).toEqual({ content: [], structuredContent: { args: { owner: 'a' } } });
    expect(host.calls).toEqual([{ server: 'github', tool: 'list-issues', args: '{"owner":"a"}' }]);
  },
);

it('tool passes arguments on exactly as they are written (A76)', async () => {
  const { ask, host } = start();
  await ask(
    'tool',
    '{"server": "github", "tool": "list-issues", "args": {"n": 12345678901234567890, "x":1.0 }}',
  );
  await ask('tool', { server: 'github', tool: 'list-issues' });
  expect(host.calls.map(({ args }) => args)).toEqual(['{"n": 12345678901234567890, "x":1.0 }', '{}']);
});

it('tool gives the result exactly as it came', async () => {
  const result = '{"content": [], "structuredContent": {"big": 12345678901234567890}}';
  const { run } = start({ host: new FakeHost({ reply: () => ({ ok: true, result }) }) });
  expect(await run.call('tool', JSON.stringify(call()), callContext())).toBe(result);
});

it.each([
  [{}, "Missing 'server' value"],
  [{ server: 'github' }, "Missing 'tool' value"],
  [{ server: ['github'], tool: 'x' }, "'server' must be a string"],
  [{ server: 'github', tool: 'list-issues', args: [1] }, 'Arguments must be an object'],
  [{ server: 'github', tool: 'list-issues', raw: 'yes' }, "'raw' must be true or false"],
  [{ server: 'github', tool: 'list-issues', principal: 'root' }, "Unknown member 'principal'"],
])('tool refuses %j, and asks nobody', async (input, message) => {
  const { ask, host } = start();
  expect(await failureOf(ask('tool', input))).toEqual({
    name: 'ToolError',
    message,
    details: { code: 'ARGUMENT_INVALID' },
  });
  expect([host.calls, host.asked]).toEqual([[], []]);
});

it.each([
  ['nope', 'x', 'SERVER_UNKNOWN', "Server 'nope' is not available"],
  ['__proto__', 'x', 'SERVER_UNKNOWN', "Server '__proto__' is not available"],
  ['github', 'drop_table', 'TOOL_UNKNOWN', "Tool 'drop_table' not found for server github"],
  ['github', 'constructor', 'TOOL_UNKNOWN', "Tool 'constructor' not found for server github"],
  [
    'github',
    'list-issue',
    'TOOL_UNKNOWN',
    "Tool 'list-issue' not found for server github; did you mean 'list-issues'?",
  ],
])('tool refuses %s.%s (A74)', async (server, tool, code, message) => {
  const { ask, host } = start();
  expect(await failureOf(ask('tool', { server, tool }))).toMatchObject({
    name: 'ToolError',
    message,
    details: { code },
  });
  expect(host.calls).toEqual([]);
  expect(host.unknown).toEqual([{ server, tool, args: '{}' }]);
});

it('tool tells the host of what is unknown by the own name of the server, also in a preview, and of nothing else', async () => {
  const { ask, host } = start({ mode: 'preview' });
  await failureOf(ask('tool', { server: 'mcp_github', tool: 'dropTable', args: { a: 1 } }));
  expect(host.unknown).toEqual([{ server: 'github', tool: 'dropTable', args: '{"a":1}' }]);
  await failureOf(ask('tool', { server: 'github', tool: 'list-issues', args: 1 }));
  const down = start({ host: new FakeHost({ servers: { github: [] }, down: new Set(['github']) }) });
  await failureOf(down.ask('tool', call()));
  expect([host.unknown.length, down.host.unknown]).toEqual([1, []]);
});

it('tool tells what the gate refused, without what is not known', async () => {
  const reply = {
    ok: false as const,
    code: 'RATE_LIMITED',
    message: 'Too many calls',
    call: 'c-1',
    retryAfterMs: 50,
  };
  const { ask } = start({ host: new FakeHost({ reply: () => reply }) });
  expect(await failureOf(ask('tool', call()))).toEqual({
    name: 'ToolError',
    message: 'Too many calls',
    details: { code: 'RATE_LIMITED', server: 'github', tool: 'list-issues', call: 'c-1', retryAfterMs: 50 },
  });
  const other = start({
    host: new FakeHost({ reply: () => ({ ok: false, code: 'DENIED', message: 'No' }) }),
  });
  expect(await failureOf(other.ask('tool', call()))).toMatchObject({
    details: { code: 'DENIED', server: 'github', tool: 'list-issues' },
  });
});

it('tool hides an error that is ours from the script', async () => {
  const host = new FakeHost({
    reply: () => {
      throw new TypeError('secret');
    },
  });
  const { ask } = start({ host });
  // The engine tells a script no more of such an error than that there was one.
  expect(await failureOf(ask('tool', call()))).toBeInstanceOf(TypeError);
});

it('calls made at the same time are under way at the same time', async () => {
  let open = 0;
  let most = 0;
  const host = new FakeHost({
    reply: async () => {
      most = Math.max(most, (open += 1));
      await new Promise((done) => setTimeout(done, 2));
      open -= 1;
      return ok(1);
    },
  });
  const { ask } = start({ host });
  await Promise.all(Array.from({ length: 5 }, () => ask('tool', call())));
  expect(most).toBe(5);
});

it('tool gives the gate the signal of the run and its clock', async () => {
  const ended = new AbortController();
  const holds: string[] = [];
  const host = new FakeHost();
  host.call = async (_, options) => {
    options.hold()[Symbol.dispose]();
    holds.push(options.signal === ended.signal ? 'same signal' : 'other signal');
    return ok(1);
  };
  const { ask } = start({ host });
  const hold = () => ({ [Symbol.dispose]: () => holds.push('held') });
  await ask('tool', call(), { signal: ended.signal, hold });
  expect(holds).toEqual(['held', 'same signal']);
});

it('progress names the call, never its arguments', async () => {
  const { ask, notes, clock } = start({
    host: new FakeHost({
      reply: ({ tool }) => (tool === 'create_issue' ? { ok: false, code: 'DENIED', message: 'no' } : ok(1)),
    }),
  });
  await ask('tool', call({ owner: 'secret' }));
  clock.ms = 1000;
  await failureOf(ask('tool', { server: 'github', tool: 'create_issue', args: { title: 'secret' } }));
  expect(notes).toEqual([
    { calls: 1, message: 'github.listIssues ✓ 0 ms' },
    { calls: 2, message: 'github.createIssue ✗ DENIED 0 ms' },
  ]);
});

it.each([
  ['discovered_servers', {}, ['github', 'my-notes']],
  [
    'discovered_servers',
    { detailed: true },
    [
      { name: 'github', description: 'The github' },
      { name: 'my-notes', description: 'The my-notes' },
    ],
  ],
  ['list_tools', { server: 'my-notes' }, []],
  [
    'query_tool_docs',
    { server: 'github', tool: 'list-issues' },
    expect.objectContaining({ toolAlias: 'listIssues' }),
  ],
  [
    'query_tool_docs',
    { server: 'github', tool: 'list-issues', detail: 'full' },
    expect.objectContaining({ inputSchema: expect.anything() }),
  ],
  ['search_tool_docs', { query: 'issues', limit: 1 }, [expect.objectContaining({ tool: 'list-issues' })]],
  ['describe_server', { server: 'github' }, expect.objectContaining({ alias: 'github', cwd: null })],
])('%s answers %j [S3-11] [S3-32] [S3-33]', async (name, input, expected) => {
  const { ask } = start();
  expect(await ask(name, input)).toEqual(expected);
});

it.each([
  ['list_tools', {}, "Missing 'server' value"],
  ['list_tools', { server: 'nope' }, "Server 'nope' is not available"],
  ['query_tool_docs', { server: 'github', tool: 5 }, "'tool' must be a string"],
  ['query_tool_docs', { server: 'github', detail: 'all' }, "'detail' must be 'summary' or 'full'"],
  ['search_tool_docs', {}, "Missing 'query' value"],
  ['search_tool_docs', { query: 'x', limit: '3' }, "'limit' must be an integer"],
  ['search_tool_docs', { query: 'x', limit: 1.5 }, "'limit' must be an integer"],
  ['discovered_servers', { detailed: 1 }, "'detailed' must be true or false"],
  ['describe_server', { server: 'github', cwd: '/' }, "Unknown member 'cwd'"],
  ['run_shell', {}, 'Unknown operation: run_shell'],
  ['__proto__', {}, 'Unknown operation: __proto__'],
  ['tool ', {}, 'Unknown operation: tool'],
])('%s refuses %j', async (name, input, message) => {
  const { ask, host } = start();
  expect(await failureOf(ask(name, input))).toMatchObject({ name: 'ToolError', message });
  expect(host.calls).toEqual([]);
});

it('fetch_output gives parts of outputs of the same owner only (A51)', async () => {
  const { ask, outputs } = start();
  const own = outputs.keep('alice', 'abcdef');
  const other = outputs.keep('bob', 'secret');
  expect(await ask('fetch_output', { handle: own, from: 2, to: 4 })).toBe('cd');
  expect(await failureOf(ask('fetch_output', { handle: other }))).toMatchObject({
    details: { code: 'OUTPUT_UNKNOWN' },
  });
  expect(await failureOf(ask('fetch_output', { handle: own, from: -1 }))).toMatchObject({
    details: { code: 'ARGUMENT_INVALID' },
  });
});

it('save_script hands the request to the gate and gives its result', async () => {
  const host = new FakeHost();
  const asked: unknown[] = [];
  Object.assign(host, {
    saveScript: async (request: unknown) => {
      asked.push(request);
      return ok({ version: 1 });
    },
  });
  const { ask } = start({ host });
  expect(await ask('save_script', { name: 'a', code: 'return 1' })).toMatchObject({
    structuredContent: { version: 1 },
  });
  expect(asked).toEqual([{ name: 'a', code: 'return 1' }]);
});

it('add_server hands the request to the gate and gives the names of what was added [S0-14]', async () => {
  const host = new FakeHost();
  const before = host.servers();
  Object.assign(host, {
    addServer: async ({ name }: { name: string }) => {
      host.servers = () => [...before, { name }];
      return { ok: true, server: { name } };
    },
  });
  const { ask } = start({ host });
  expect(await ask('add_server', { name: 'new-one', url: 'https://a.example' })).toEqual({
    name: 'new-one',
    alias: 'newOne',
    snake: 'new_one',
    loaded: true,
    tools: [],
  });
});

it.each(['save_script', 'add_server'])(
  '%s is refused where it is not offered, and when the gate says no',
  async (name) => {
    expect(await failureOf(start().ask(name, {}))).toMatchObject({
      name: 'ToolError',
      details: { code: 'UNAVAILABLE' },
    });
    const host = new FakeHost();
    const no = async () => ({ ok: false, code: 'DENIED', message: 'No' });
    Object.assign(host, { saveScript: no, addServer: no });
    expect(await failureOf(start({ host }).ask(name, {}))).toMatchObject({
      message: 'No',
      details: { code: 'DENIED' },
    });
  },
);

it.each([
  ['save_script', 'preview'],
  ['add_server', 'preview'],
  ['save_script', 'apply'],
  ['add_server', 'apply'],
] as const)('%s is refused in a %s', async (name, mode) => {
  const host = new FakeHost();
  const never = () => {
    throw new Error('was asked');
  };
  Object.assign(host, { saveScript: never, addServer: never });
  expect(await failureOf(start({ host, mode }).ask(name, {}))).toMatchObject({
    details: { code: 'ARGUMENT_INVALID' },
  });
});

function hookOf(
  before: CallHook['before'],
): CallHook & { readonly after: (...args: never[]) => void; seen: string[] } {
  const seen: string[] = [];
  return {
    seen,
    before,
    after: ({ tool }, reply) => seen.push(`${tool.name} ${reply.ok}`),
    finish: () => undefined,
  };
}

it('a preview wraps what was made, and tells the number of what was not', async () => {
  const hook = hookOf(({ tool }) =>
    tool.name === 'list-issues' ? { kind: 'make' } : { kind: 'record', planned: 2 },
  );
  const { ask, host } = start({ mode: 'preview', hook });
  expect(await ask('tool', call())).toEqual({ made: { content: [], structuredContent: { args: {} } } });
  expect(await ask('tool', { server: 'github', tool: 'create_issue', args: { title: 'x' } })).toEqual({
    planned: 2,
  });
  expect(host.calls.map(({ tool }) => tool)).toEqual(['list-issues']);
  expect(hook.seen).toEqual(['list-issues true']);
});

it('a result that looks like a placeholder stays a result in a preview', async () => {
  const host = new FakeHost({ reply: () => ({ ok: true, result: '{"planned":1}' }) });
  const { ask } = start({ host, mode: 'preview', hook: hookOf(() => ({ kind: 'make' })) });
  expect(await ask('tool', call())).toEqual({ made: { planned: 1 } });
});

it('a hook that refuses keeps the call from the gate', async () => {
  const hook = hookOf(() => ({ kind: 'refuse', code: 'NOT_PLANNED', message: 'It is not on the plan' }));
  const { ask, host } = start({ mode: 'apply', hook });
  expect(await failureOf(ask('tool', call()))).toEqual({
    name: 'ToolError',
    message: 'It is not on the plan',
    details: { code: 'NOT_PLANNED', server: 'github', tool: 'list-issues' },
  });
  expect([host.calls, hook.seen]).toEqual([[], []]);
});

it('a hook is asked in the order of the script, however long a server takes', async () => {
  const slow = Promise.withResolvers<void>();
  const host = new FakeHost();
  host.servers = () => [{ name: 'github' }, { name: 'fast' }];
  host.tools = async (server) => {
    if (server === 'github') await slow.promise;
    return [{ name: 'go', inputSchema: {} }];
  };
  const order: string[] = [];
  const hook = hookOf(({ server }) => {
    order.push(server);
    return { kind: 'make' };
  });
  const { ask } = start({ host, mode: 'apply', hook });
  const calls = [
    ask('tool', { server: 'github', tool: 'go' }),
    ask('tool', { server: 'fast', tool: 'go' }),
    failureOf(ask('tool', { server: 'fast', tool: 'nope' })),
    ask('tool', { server: 'fast', tool: 'go' }),
  ];
  slow.resolve();
  await Promise.all(calls);
  expect(order).toEqual(['github', 'fast', 'fast']);
});
