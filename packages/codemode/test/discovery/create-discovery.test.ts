import { describe, expect, it } from 'vitest';
import { CodeModeError } from '../../src/code-mode-error.ts';
import { createDiscovery } from '../../src/discovery/create-discovery.ts';
import type { Discovery, ToolDoc } from '../../src/discovery/discovery.ts';
import { DEFAULT_SETTINGS } from '../../src/settings.ts';
import { fakeHost, tool, twoServers, type FakeHost, type FakeServer } from './fake-host.ts';

const { signal } = new AbortController();

function make(
  servers: readonly FakeServer[] = twoServers(),
  settings = DEFAULT_SETTINGS,
): { discovery: Discovery; host: FakeHost } {
  const host = fakeHost(servers);
  return { host, discovery: createDiscovery({ host, settings, waitMs: 50 }) };
}

const names = (docs: readonly ToolDoc[]): readonly string[] => docs.map((doc) => doc.tool);

async function failure(work: Promise<unknown>): Promise<CodeModeError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CodeModeError);
  return error as CodeModeError;
}

describe('Discovery#discoveredServers()', () => {
  it('names all servers in order, asking none of them [S3-10]', () => {
    const { discovery, host } = make();
    expect(discovery.discoveredServers(false)).toEqual(['github', 'Team-Chat']);
    expect(host.asked).toEqual([]);
  });

  it('gives descriptions on request, the empty one of a server without', () => {
    expect(make().discovery.discoveredServers(true)).toEqual([
      { name: 'github', description: 'Code and issues' },
      { name: 'Team-Chat', description: '' },
    ]);
  });

  it('cleans and cuts descriptions', () => {
    const { discovery } = make([{ name: 'a', description: `x\u202E${'y'.repeat(5000)}`, tools: [] }]);
    const [server] = discovery.discoveredServers(true) as readonly { description: string }[];
    expect(server?.description).toHaveLength(1000);
    expect(server?.description).not.toContain('\u202E');
  });

  it('is empty for a caller who may reach nothing', () => {
    expect(make([]).discovery.discoveredServers(false)).toEqual([]);
  });
});

describe('Discovery#listTools()', () => {
  it('gives names, aliases and descriptions, and no schema', async () => {
    expect(await make().discovery.listTools('Team-Chat', signal)).toEqual([
      {
        server: 'Team-Chat',
        serverAlias: 'teamChat',
        tool: 'post-message',
        toolAlias: 'postMessage',
        description: 'Send a message to a channel',
      },
      {
        server: 'Team-Chat',
        serverAlias: 'teamChat',
        tool: 'listChannels',
        toolAlias: 'listChannels',
        description: 'List channels of the workspace',
      },
    ]);
  });

  it.each(['Team-Chat', 'teamChat', 'team_chat', 'mcp_team_chat', 'TEAM-CHAT', 'TeamChat'])(
    'knows a server as %s',
    async (server) => {
      expect(await make().discovery.listTools(server, signal)).toHaveLength(2);
    },
  );

  it('refuses a server that is not there, with near names', async () => {
    const { discovery, host } = make();
    const error = await failure(discovery.listTools('githb', signal));
    expect(error.code).toBe('SERVER_UNKNOWN');
    expect(error.message).toBe("Server 'githb' is not available; did you mean 'github'?");
    expect(host.asked).toEqual([]);
  });

  it('refuses a name that fits two servers in another case', async () => {
    const { discovery } = make([
      { name: 'Files', tools: [] },
      { name: 'FILES', tools: [] },
    ]);
    expect((await failure(discovery.listTools('fiLes', signal))).code).toBe('SERVER_UNKNOWN');
  });

  it('passes on that a server cannot be reached', async () => {
    const down = new CodeModeError('SERVER_UNAVAILABLE', 'It does not start');
    const { discovery } = make([{ name: 'a', tools: [], answer: async () => await Promise.reject(down) }]);
    expect(await failure(discovery.listTools('a', signal))).toBe(down);
  });

  it('shows the title of a tool that has no description', async () => {
    const { discovery } = make([{ name: 'a', tools: [{ ...tool('x'), title: 'Do x' }] }]);
    expect(await discovery.listTools('a', signal)).toMatchObject([{ description: 'Do x' }]);
  });

  it('leaves an empty description away', async () => {
    const { discovery } = make([{ name: 'a', tools: [tool('x', ' \u200B ')] }]);
    expect(Object.keys((await discovery.listTools('a', signal))[0]!)).toEqual([
      'server',
      'serverAlias',
      'tool',
      'toolAlias',
    ]);
  });

  it('refuses an answer that is too large, with the remedy', async () => {
    const { discovery } = make([{ name: 'a', tools: [tool('x', 'y'.repeat(900))] }], {
      ...DEFAULT_SETTINGS,
      limits: { ...DEFAULT_SETTINGS.limits, callOutputBytes: 500 },
    });
    const error = await failure(discovery.listTools('a', signal));
    expect(error.code).toBe('ARGUMENT_INVALID');
    expect(error.message).toContain('searchToolDocs(query)');
  });
});

describe('Discovery#queryToolDocs()', () => {
  it('gives summaries of all tools by default', async () => {
    const docs = await make().discovery.queryToolDocs('github', {}, signal);
    expect(names(docs as readonly ToolDoc[])).toEqual(['list_issues', 'create_issue', 'merge_pull_request']);
    expect(JSON.stringify(docs)).not.toContain('inputSchema');
  });

  it('gives one doc, not a list, when a tool is named', async () => {
    const doc = await make().discovery.queryToolDocs('github', { tool: 'list_issues' }, signal);
    expect(doc).toEqual({
      server: 'github',
      serverAlias: 'github',
      tool: 'list_issues',
      toolAlias: 'listIssues',
      description: 'List issues in a repository',
    });
  });

  it.each(['list_issues', 'listIssues', 'LIST_ISSUES', 'listissues'])('knows a tool as %s', async (given) => {
    const doc = (await make().discovery.queryToolDocs('github', { tool: given }, signal)) as ToolDoc;
    expect(doc.tool).toBe('list_issues');
  });

  it('gives declaration and schemas in full detail only [S3-33]', async () => {
    const output = { type: 'object', properties: { count: { type: 'integer' } } };
    const { discovery } = make([
      { name: 'a', tools: [{ ...tool('x', 'Does x', { id: { type: 'string' } }), outputSchema: output }] },
    ]);
    const doc = (await discovery.queryToolDocs('a', { tool: 'x', detail: 'full' }, signal)) as ToolDoc;
    expect(doc.declaration).toContain('id?: string');
    expect(doc.inputSchema).toEqual({ type: 'object', properties: { id: { type: 'string' } } });
    expect(doc.outputSchema).toEqual(output);
    const [all] = (await discovery.queryToolDocs('a', { detail: 'full' }, signal)) as readonly ToolDoc[];
    expect(all).toEqual(doc);
  });

  it('has no output schema for a tool without', async () => {
    const doc = await make().discovery.queryToolDocs(
      'github',
      { tool: 'list_issues', detail: 'full' },
      signal,
    );
    expect(doc).not.toHaveProperty('outputSchema');
  });

  it('refuses a tool that is not there, with near names', async () => {
    const error = await failure(make().discovery.queryToolDocs('github', { tool: 'list_isues' }, signal));
    expect(error.code).toBe('TOOL_UNKNOWN');
    expect(error.message).toBe("Tool 'list_isues' not found for server github; did you mean 'list_issues'?");
  });

  it('refuses it without suggestions when nothing is near', async () => {
    const error = await failure(make().discovery.queryToolDocs('github', { tool: 'deploy' }, signal));
    expect(error.message).toBe("Tool 'deploy' not found for server github");
  });

  it('quotes a long or invisible name cut and cleaned', async () => {
    const given = `\u202E${'z'.repeat(10_000)}`;
    const error = await failure(make().discovery.queryToolDocs('github', { tool: given }, signal));
    expect(error.message.length).toBeLessThan(160);
    expect(error.message).not.toContain('\u202E');
  });

  it('refuses an unknown server before an unknown tool', async () => {
    const error = await failure(make().discovery.queryToolDocs('nope', { tool: 'nope' }, signal));
    expect(error.code).toBe('SERVER_UNKNOWN');
  });
});

describe('Discovery#searchToolDocs()', () => {
  it('gives server, tool and description per hit, the best first [S3-11]', async () => {
    const [best] = await make().discovery.searchToolDocs('create issue', {}, signal);
    expect(best).toEqual({
      server: 'github',
      serverAlias: 'github',
      tool: 'create_issue',
      toolAlias: 'createIssue',
      description: 'Create a new issue in a repository',
    });
  });

  it('gives schemas in full detail', async () => {
    const [best] = await make().discovery.searchToolDocs('list issues', { detail: 'full' }, signal);
    expect(best?.declaration).toContain('listIssues');
    expect(best?.inputSchema).toBeDefined();
  });

  it.each(['', '   ', '\n\t'])('gives nothing for the blank query %j, asking nobody', async (query) => {
    const { discovery, host } = make([{ name: 'a', tools: [tool('x')], known: false }]);
    expect(await discovery.searchToolDocs(query, {}, signal)).toEqual([]);
    expect(host.asked).toEqual([]);
  });

  it.each([
    [undefined, 5],
    [1, 1],
    [20, 20],
    [21, 20],
    [1e9, 20],
    [0, 1],
    [-3, 1],
  ])('with limit %j gives %i of 30', async (limit, count) => {
    const tools = Array.from({ length: 30 }, (_, i) => tool(`find_thing_${i}`, 'Find a thing'));
    const { discovery } = make([{ name: 'a', tools }]);
    expect(await discovery.searchToolDocs('find thing', { limit }, signal)).toHaveLength(count);
  });

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, '5' as unknown as number])(
    'refuses the limit %j',
    async (limit) => {
      const error = await failure(make().discovery.searchToolDocs('x', { limit }, signal));
      expect([error.code, error.message]).toEqual(['ARGUMENT_INVALID', "'limit' must be an integer"]);
    },
  );

  it('looks at every server, listed before or not [S3-09]', async () => {
    const { discovery, host } = make([
      { name: 'known', tools: [tool('send_mail')] },
      { name: 'new', tools: [tool('send_text')], known: false },
    ]);
    expect(names(await discovery.searchToolDocs('send', {}, signal))).toEqual(['send_mail', 'send_text']);
    expect(host.asked).toEqual(['new']);
  });

  it('leaves out a server that is late, and says so', async () => {
    const { discovery } = make([
      { name: 'slow', tools: [], known: false, answer: async () => await new Promise(() => undefined) },
      { name: 'broken', tools: [], known: false, answer: async () => await Promise.reject(new Error('x')) },
      { name: 'quick', tools: [tool('send_mail')] },
    ]);
    const missing: string[] = [];
    const onMissing = (servers: readonly string[]): void => {
      missing.push(...servers);
    };
    expect(names(await discovery.searchToolDocs('send', { onMissing }, signal))).toEqual(['send_mail']);
    expect(missing).toEqual(['slow', 'broken']);
  });

  it('says nothing of missing servers when there are none', async () => {
    let told = false;
    await make().discovery.searchToolDocs('send', { onMissing: () => (told = true) }, signal);
    expect(told).toBe(false);
  });

  it('finds a server that was late as soon as it is listed', async () => {
    const late: FakeServer = {
      name: 'slow',
      tools: [tool('send_fax')],
      known: false,
      answer: async () => await new Promise(() => undefined),
    };
    const { discovery } = make([late]);
    expect(await discovery.searchToolDocs('send', {}, signal)).toEqual([]);
    late.known = true;
    expect(names(await discovery.searchToolDocs('send', {}, signal))).toEqual(['send_fax']);
  });

  it('ends with the script', async () => {
    const { discovery } = make([{ name: 'a', tools: [], known: false }]);
    const over = AbortSignal.abort(new Error('Cancelled'));
    await expect(discovery.searchToolDocs('x', {}, over)).rejects.toThrow('Cancelled');
  });

  it('sees a changed catalogue at once', async () => {
    const server: FakeServer = { name: 'a', tools: [tool('send_mail')] };
    const { discovery } = make([server]);
    await discovery.searchToolDocs('send', {}, signal);
    server.tools = [tool('send_mail', 'Changed'), tool('send_fax')];
    expect(await discovery.searchToolDocs('send', {}, signal)).toMatchObject([
      { tool: 'send_fax' },
      { tool: 'send_mail', description: 'Changed' },
    ]);
  });

  it('is the same every time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, async () => await make().discovery.searchToolDocs('list', {}, signal)),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });
});

describe('Discovery#describeServer()', () => {
  it('tells name, alias, folder and tools with schemas [S3-32]', async () => {
    const told = await make().discovery.describeServer('github', signal);
    expect(told).toMatchObject({ name: 'github', alias: 'github', cwd: '/srv/github' });
    expect(told.tools[0]).toEqual({
      name: 'list_issues',
      alias: 'listIssues',
      description: 'List issues in a repository',
      input_schema: {
        type: 'object',
        properties: { owner: { type: 'string', description: 'Account that owns the repository' } },
      },
    });
  });

  it('gives null for the folder of a server that has none', async () => {
    expect((await make().discovery.describeServer('team_chat', signal)).cwd).toBeNull();
  });

  it('refuses one that is not there', async () => {
    expect((await failure(make().discovery.describeServer('gitlab', signal))).message).toBe(
      "Server 'gitlab' is not available; did you mean 'github'?",
    );
  });
});
