import type { JsonObject } from '@smcp/protocol';
import { SandboxError } from '@smcp/sandbox';
import { expect, it } from 'vitest';
import type { CheckReply, CheckRequest } from '../src/check/check.ts';
import { CodeMode } from '../src/code-mode.ts';
import { CodeModeError } from '../src/code-mode-error.ts';
import type { ExecuteContext, ExecuteResult } from '../src/execute/execution.ts';
import { GUEST_PRELUDE } from '../src/guest/prelude.ts';
import type { SavedScript } from '../src/scripts/saved-script.ts';
import { SavedScripts } from '../src/scripts/saved-scripts.ts';
import { DEFAULT_SETTINGS, type CodeModeSettings } from '../src/settings.ts';
import { FakeHost } from './execute/fake-host.ts';
import { RunEngine, type Script } from './execute/run-engine.ts';
import { memoryScripts } from './scripts/memory-scripts.ts';

interface Made {
  readonly script?: Script;
  readonly check?: (request: CheckRequest) => CheckReply | Promise<CheckReply>;
  readonly settings?: Partial<CodeModeSettings>;
  readonly host?: FakeHost;
}

const OK: CheckReply = { ok: true, declares: '' };

function start({ script, check = () => OK, settings, host = new FakeHost() }: Made = {}) {
  const engine = new RunEngine(script);
  const checked: CheckRequest[] = [];
  const mode = new CodeMode({
    engine,
    checker: {
      check: async (request) => {
        checked.push(request);
        return check(request);
      },
    },
    scripts: new SavedScripts({ table: memoryScripts(), now: () => 0 }),
    settings: { ...DEFAULT_SETTINGS, ...settings },
    now: () => 0,
  });
  const context = (given: Partial<ExecuteContext> = {}): ExecuteContext => ({
    owner: 'alice',
    tenant: 'acme',
    principal: 'user:alice',
    host,
    signal: new AbortController().signal,
    ...given,
  });
  const execute = (args: JsonObject, given?: Partial<ExecuteContext>): Promise<ExecuteResult> =>
    mode.execute(args, context(given));
  return { mode, engine, checked, host, context, execute };
}

const textOf = ({ content }: { content: ExecuteResult['content'] }): string => content[0]?.text ?? '';

it('execute() runs a script and gives what it returned', async () => {
  const { execute, engine, checked } = start({ script: () => ({ answer: 42 }) });
  const result = await execute({ code: 'return {answer: 42}' });
  expect(result).toEqual({
    content: [{ type: 'text', text: '{"answer":42}' }],
    structuredContent: { result: { answer: 42 } },
  });
  expect(engine.last).toMatchObject({
    opened: { owner: 'alice', persistent: false },
    source: {
      language: 'typescript',
      code: 'return {answer: 42}',
      name: 'script.ts',
      prelude: GUEST_PRELUDE,
    },
    options: { limits: { ...DEFAULT_SETTINGS.limits, wallMs: 30_000 } },
  });
  expect(engine.disposals).toBe(1);
  expect(checked).toHaveLength(1);
});

it('execute() gives the prelude every server, and the tools of those that are used', async () => {
  const { execute, engine } = start();
  await execute({ code: 'await github.listIssues()' });
  expect(JSON.parse(engine.last.source.data)).toEqual({
    servers: [
      {
        name: 'github',
        alias: 'github',
        snake: 'github',
        loaded: true,
        tools: [
          ['list-issues', 'listIssues', 'list_issues'],
          ['create_issue', 'createIssue', 'create_issue'],
        ],
      },
      { name: 'my-notes', alias: 'myNotes', snake: 'my_notes', loaded: false, tools: null },
    ],
    discovered: [
      { name: 'github', description: 'The github' },
      { name: 'my-notes', description: 'The my-notes' },
    ],
    summary: expect.stringContaining('SCRIPT MANUAL'),
    mode: 'run',
    loadOnUse: true,
  });
});

it('execute() asks no server that a script does not name [S3-35]', async () => {
  const { execute, host } = start();
  await execute({ code: 'return 1' });
  expect(host.asked).toEqual([]);
  await execute({ code: 'return 1', servers: ['my-notes'] });
  expect(host.asked).toEqual(['my-notes']);
});

it.each([
  [{}, "Missing 'code' argument", 'validation_error'],
  [
    { code: '1', language: 'python' },
    'python is not available here: use typescript or javascript',
    'validation_error',
  ],
  [{ code: '1', servers: ['nope'] }, "Server 'nope' is not available", 'unavailable'],
  [{ code: '1', mode: `apply:sha256:${'0'.repeat(64)}` }, 'There is no such plan of yours', 'unavailable'],
])('execute() tells what is wrong with %j, and runs nothing', async (args, message, status) => {
  const { execute, engine } = start();
  const result = await execute(args);
  expect(result.isError).toBe(true);
  expect(textOf(result)).toMatch(new RegExp(`^status: ${status}\nerror: ${message}`));
  expect(result.structuredContent).toMatchObject({ status });
  expect(engine.runs).toEqual([]);
});

it('execute() does not run a script that the check refuses, and makes no call', async () => {
  const diagnostics = [{ line: 1, column: 8, code: 2345, message: 'Wrong argument', related: [] }];
  const { execute, engine, host } = start({ check: () => ({ ok: false, diagnostics, more: 0 }) });
  const result = await execute({ code: 'await github.listIssues({ownr: 1})' });
  expect(textOf(result).split('\n')).toEqual([
    'status: check_failed',
    'Check failed: 1 error; nothing was run',
    'script.ts:1:8 error TS2345: Wrong argument',
    '    await github.listIssues({ownr: 1})',
    '           ^',
    '',
    'declarations:',
    '/** Lists issues */',
    expect.stringMatching(/^github\.listIssues\(args\?: /),
  ]);
  expect([engine.runs, host.calls]).toEqual([[], []]);
});

it('execute() checks against the globals and the servers that are used', async () => {
  const { execute, checked } = start();
  await execute({ code: 'github; myNotes', language: 'javascript' });
  expect(checked[0]).toMatchObject({ language: 'javascript', name: 'script.js', wantsDeclares: false });
  expect(checked[0]?.declarations.map(({ name }) => name)).toEqual([
    'globals.d.ts',
    'github.d.ts',
    'myNotes.d.ts',
  ]);
});

it('execute() checks nothing when that is switched off', async () => {
  const { execute, engine, checked } = start({ settings: { check: false } });
  await execute({ code: 'return 1' });
  expect(checked).toEqual([]);
  expect(engine.runs).toHaveLength(1);
});

it('execute() runs nothing that could not be checked', async () => {
  const { execute, engine } = start({
    check: () => {
      throw new CodeModeError('CHECKER_FAILED', 'The check took longer than 10 s');
    },
  });
  expect(textOf(await execute({ code: 'return 1' }))).toContain(
    'The check took longer than 10 s [CHECKER_FAILED]',
  );
  expect(engine.runs).toEqual([]);
});

it('execute() gives a script its own time, and tells when it was too short', async () => {
  const { execute, engine } = start();
  engine.outcome = { status: 'timeout', value: undefined };
  const result = await execute({ code: 'return 1', timeout: 500 });
  expect(engine.last.options.limits.wallMs).toBe(120_000);
  expect(textOf(result)).toContain('Timeout: execution exceeded 120s');
});

it('execute() tells when no script can be run now', async () => {
  const { execute, engine } = start();
  engine.open = () => Promise.reject(new SandboxError('POOL_FULL', 'All runners are taken'));
  const result = await execute({ code: 'return 1' });
  expect(textOf(result)).toBe('status: unavailable\nerror: All runners are taken');
});

it('execute() passes on a failure that is ours, and a cancellation', async () => {
  const { execute, engine } = start();
  engine.open = () => Promise.reject(new TypeError('bug'));
  await expect(execute({ code: 'return 1' })).rejects.toThrow('bug');
  const signal = AbortSignal.abort(new Error('cancelled'));
  await expect(execute({ code: 'return 1' }, { signal })).rejects.toThrow('cancelled');
});

it('execute() hands the signal of the caller to the engine', async () => {
  const { execute, engine } = start();
  const { signal } = new AbortController();
  await execute({ code: 'return 1' }, { signal });
  expect(engine.last.options.signal).toBe(signal);
  expect(engine.last.opened.signal).toBe(signal);
});

it('execute() keeps a session apart from those of other owners (A51)', async () => {
  const { execute, engine, checked } = start({
    check: ({ code }) => ({ ok: true, declares: `declare let ${code};` }),
  });
  await execute({ code: 'a', session: 's' });
  await execute({ code: 'b', session: 's' });
  await execute({ code: 'c', session: 's' }, { owner: 'bob', principal: 'user:bob' });
  await execute({ code: 'd' });
  expect(checked.map(({ earlier, wantsDeclares }) => [earlier, wantsDeclares])).toEqual([
    ['', true],
    ['declare let a;', true],
    ['', true],
    [undefined, false],
  ]);
  expect(engine.runs.map(({ opened }) => [opened.owner, opened.persistent])).toEqual([
    ['alice', true],
    ['alice', true],
    ['bob', true],
    ['alice', false],
  ]);
});

it('execute() loads the servers of earlier runs of a session again', async () => {
  const { execute, engine } = start();
  await execute({ code: 'github', session: 's' });
  await execute({ code: 'return 1', session: 's' });
  const { servers } = JSON.parse(engine.last.source.data) as { servers: { name: string; loaded: boolean }[] };
  expect(servers.map(({ name, loaded }) => [name, loaded])).toEqual([
    ['github', true],
    ['my-notes', false],
  ]);
});

it('execute() lets one script at a time into a session', async () => {
  const gate = Promise.withResolvers<void>();
  const { execute } = start({ script: () => gate.promise });
  const first = execute({ code: 'return 1', session: 's' });
  const second = await execute({ code: 'return 2', session: 's' });
  expect(textOf(second)).toContain('SESSION_BUSY');
  gate.resolve();
  expect((await first).isError).toBeUndefined();
});

it('execute() previews, and then does exactly what was approved', async () => {
  const { execute, host } = start({
    script: async (ask, { source }) => {
      const title = source.code.includes('other') ? 'other' : 'x';
      await ask('tool', { server: 'github', tool: 'list-issues' });
      return ask('tool', { server: 'github', tool: 'create_issue', args: { title } });
    },
  });
  const preview = await execute({ code: 'return 1', mode: 'preview' });
  expect(host.calls.map(({ tool }) => tool)).toEqual(['list-issues']);
  expect(textOf(preview)).toContain('1. github create_issue {"title":"x"}');
  const { plan } = preview.structuredContent as { plan: { digest: string } };
  const other = await execute({ code: 'other', mode: `apply:${plan.digest}` });
  expect(textOf(other)).toContain('PLAN_DIFFERS');
  const bob = await execute({ code: 'return 1', mode: `apply:${plan.digest}` }, { owner: 'bob' });
  expect(textOf(bob)).toContain('PLAN_UNKNOWN');
  const applied = await execute({ code: 'return 1', mode: `apply:${plan.digest}` });
  expect(applied.isError).toBeUndefined();
  expect(host.calls.map(({ tool }) => tool)).toEqual(['list-issues', 'list-issues', 'create_issue']);
});

it('execute() refuses in a run of a plan what is not on it', async () => {
  let title = 'x';
  const { execute, host } = start({
    script: (ask) => ask('tool', { server: 'github', tool: 'create_issue', args: { title } }),
  });
  const { structuredContent } = await execute({ code: 'return 1', mode: 'preview' });
  title = 'y';
  const { digest } = structuredContent['plan'] as unknown as { digest: string };
  const result = await execute({ code: 'return 1', mode: `apply:${digest}` });
  expect(textOf(result)).toContain('it is on the plan with other arguments');
  expect(host.calls).toEqual([]);
});

it('execute() gives the rest of a long result to scripts of the same owner', async () => {
  const long = 'abc'.repeat(20_000);
  let wanted: unknown;
  const { execute } = start({ script: (ask) => (wanted === undefined ? long : ask('fetch_output', wanted)) });
  const result = await execute({ code: 'return 1' });
  const [, handle, from, to] = /fetchOutput\('([^']+)', \{from: (\d+), to: (\d+)\}\)/.exec(textOf(result))!;
  wanted = { handle, from: Number(from), to: Number(from) + 30 };
  expect(textOf(await execute({ code: 'return 1' }))).toBe(long.slice(Number(from), Number(from) + 30));
  expect(Number(to)).toBeGreaterThan(Number(from));
  expect(textOf(await execute({ code: 'return 1' }, { owner: 'bob' }))).toContain(
    'There is no such output of yours',
  );
});

it('execute() tells of its progress', async () => {
  const notes: string[] = [];
  const { execute } = start({ script: (ask) => ask('tool', { server: 'github', tool: 'list-issues' }) });
  await execute({ code: 'return 1' }, { onProgress: ({ message }) => notes.push(message) });
  expect(notes).toEqual([expect.stringMatching(/^github\.listIssues ✓ \d+ ms$/)]);
});

it.each(['toon', 'json'] as const)('execute() answers in %s when that is set', async (output) => {
  const { execute } = start({ script: () => 1, settings: { output } });
  expect(textOf(await execute({ code: 'return 1' }))).toMatch(new RegExp(`^\`\`\`${output}\n`));
});

const SAVED: SavedScript = {
  tenant: 'acme',
  name: 'count_issues',
  version: 1,
  description: 'Counts issues',
  language: 'typescript',
  code: 'return 1',
  inputSchema: { type: 'object', properties: { owner: { type: 'string' } } },
  servers: ['github'],
  digest: 'sha256:00',
  savedBy: 'user:alice',
  savedAt: 0,
  state: 'approved',
  findings: [],
};

it('executeSaved() runs a script with its arguments, and answers as a tool', async () => {
  const { mode, engine, checked, context } = start({ script: () => ({ count: 3 }) });
  const result = await mode.executeSaved(SAVED, { owner: 'a' }, context());
  expect(result).toEqual({
    content: [{ type: 'text', text: '{"count":3}' }],
    structuredContent: { count: 3 },
  });
  expect(engine.last.source.name).toBe('count_issues.ts');
  const data = JSON.parse(engine.last.source.data) as { args: unknown; servers: { name: string }[] };
  expect([data.args, data.servers.map(({ name }) => name)]).toEqual([{ owner: 'a' }, ['github']]);
  expect(checked[0]?.declarations.map(({ name }) => name)).toEqual([
    'globals.d.ts',
    'github.d.ts',
    'args.d.ts',
  ]);
});

it.each([
  ['a text', 'done', { content: [{ type: 'text', text: 'done' }] }],
  ['a list', [1, 2], { content: [{ type: 'text', text: '[1,2]' }] }],
  ['nothing', undefined, { content: [] }],
])('executeSaved() answers with %s', async (_, value, expected) => {
  const { mode, context } = start({ script: () => value });
  expect(await mode.executeSaved(SAVED, {}, context())).toEqual(expected);
});

it('executeSaved() gives a long result whole', async () => {
  const { mode, context } = start({ script: () => 'x'.repeat(100_000) });
  expect(textOf(await mode.executeSaved(SAVED, {}, context()))).toHaveLength(100_000);
});

it('executeSaved() reaches the servers of the script only', async () => {
  const { mode, host, context } = start({
    script: (ask) => ask('tool', { server: 'my-notes', tool: 'read' }),
  });
  const result = await mode.executeSaved(SAVED, {}, context());
  expect(result.isError).toBe(true);
  expect(textOf(result)).toContain("Server 'my-notes' is not available");
  expect(host.asked).toEqual(['github']);
});

it('executeSaved() fails when the caller may not reach what the script needs', async () => {
  const { mode, engine, context } = start();
  const result = await mode.executeSaved({ ...SAVED, servers: ['payroll'] }, {}, context());
  expect(textOf(result)).toContain("Server 'payroll' is not available");
  expect(engine.runs).toEqual([]);
});

it('executeSaved() ends scripts that call each other too deep', async () => {
  const { mode, engine, context } = start();
  expect((await mode.executeSaved(SAVED, {}, context({ depth: 3 }))).isError).toBeUndefined();
  const result = await mode.executeSaved(SAVED, {}, context({ depth: 4 }));
  expect(result.isError).toBe(true);
  expect(textOf(result)).toContain('at most 3 deep');
  expect(engine.runs).toHaveLength(1);
});

it('saveScript() proposes a script, which is a tool once it is approved', async () => {
  const { mode, context } = start();
  const request = { name: 'count_issues', description: 'Counts', code: 'return 1', servers: ['github'] };
  const result = await mode.saveScript(request, context());
  expect(result.structuredContent).toMatchObject({ name: 'count_issues', version: 1, state: 'waiting' });
  expect(textOf(result)).toContain('once an operator approves it');
  expect(await mode.savedTools('acme')).toEqual([]);
  const [saved] = await mode.scripts.list('acme');
  await mode.scripts.approve(saved!, 'operator:root');
  expect((await mode.savedTools('acme')).map(({ name }) => name)).toEqual(['count_issues']);
  expect((await mode.ifSaved('acme', 'count_issues'))?.servers).toEqual(['github']);
  expect(await mode.ifSaved('other', 'count_issues')).toBeUndefined();
});

it.each([
  [{}, /name/],
  [{ name: 'x', description: 'd', code: 'return 1', servers: ['payroll'] }, /no such server/],
])('saveScript() refuses %j', async (request, message) => {
  const { mode, context } = start();
  const result = await mode.saveScript(request, context());
  expect(result.isError).toBe(true);
  expect(textOf(result)).toMatch(message);
});

it('ending code mode ends its sessions', async () => {
  const { mode, engine, execute } = start();
  await execute({ code: 'return 1', session: 's' });
  await mode[Symbol.asyncDispose]();
  expect(engine.disposals).toBe(1);
  expect(textOf(await execute({ code: 'return 1', session: 's' }))).toContain('closed');
});
