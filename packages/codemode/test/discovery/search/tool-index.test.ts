import { describe, expect, it } from 'vitest';
import { nameServers, nameTools } from '../../../src/bindings/names.ts';
import { ToolIndex } from '../../../src/discovery/search/tool-index.ts';
import type { ToolDefinition } from '../../../src/tool-host.ts';
import { tool } from '../fake-host.ts';

async function build(servers: Readonly<Record<string, readonly ToolDefinition[]>>): Promise<ToolIndex> {
  const named = nameServers(Object.keys(servers));
  return await ToolIndex.build(
    named.map((server) => ({ server, tools: nameTools(servers[server.name] ?? []) })),
  );
}

const found = (index: ToolIndex, query: string, limit = 5): readonly string[] =>
  index.search(query, limit).map(({ server, tool: { definition } }) => `${server.name}/${definition.name}`);

const shop = {
  github: [
    tool('list_issues', 'List issues in a repository'),
    tool('create_issue', 'Create a new issue in a repository'),
    tool('update_issue', 'Update an existing issue'),
    tool('create_pull_request', 'Create a new pull request'),
    tool('create_pull_request_review', 'Create a review on a pull request'),
    tool('get_file_contents', 'Get the contents of a file'),
  ],
  files: [
    tool('read_file', 'Read the complete contents of a file', {
      path: { description: 'Where it is on disk' },
    }),
    tool('create_directory', 'Create a directory'),
    tool('move_file', 'Move or rename files'),
  ],
  slack: [
    tool('slack_post_message', 'Post a new message to a channel'),
    tool('slack_list_channels', 'List channels of the workspace'),
  ],
  browser: [tool('takeScreenshot', 'Take a screenshot of the page'), tool('navigate', 'Go to a URL')],
};

describe('ToolIndex#search()', () => {
  it.each([
    ['a name', 'create_issue', 'github/create_issue'],
    ['a method', 'createIssue', 'github/create_issue'],
    ['words in any order', 'issue create', 'github/create_issue'],
    ['words in any case', 'CREATE Issue', 'github/create_issue'],
    ['a plural', 'creates issues', 'github/create_issue'],
    ['a typo', 'craete isue', 'github/create_issue'],
    ['a synonym', 'add ticket', 'github/create_issue'],
    ['the whole of a name rather than a longer one', 'request pull create', 'github/create_pull_request'],
    ['a short form', 'new pr', 'github/create_pull_request'],
    ['the longer name when it is said', 'create pull request review', 'github/create_pull_request_review'],
    ['words written as one', 'pullrequest review', 'github/create_pull_request_review'],
    ['one word written as two', 'take screen shot', 'browser/takeScreenshot'],
    ['the beginning of a word', 'screensh', 'browser/takeScreenshot'],
    ['a server by name', 'slack message', 'slack/slack_post_message'],
    ['other words for the same', 'make a new folder', 'files/create_directory'],
    ['a description of a parameter', 'disk', 'files/read_file'],
    ['a question', 'how do I rename a file?', 'files/move_file'],
  ])('finds %s', async (_what, query, wanted) => {
    expect(found(await build(shop), query)[0]).toBe(wanted);
  });

  it.each(['', ' ', '...', 'zzzzzzzz', 'kubernetes', 'xx'])('finds nothing for %j', async (query) => {
    expect(found(await build(shop), query)).toEqual([]);
  });

  it('finds nothing in nothing', async () => {
    const index = await build({});
    expect([index.size, found(index, 'issue')]).toEqual([0, []]);
  });

  it('prefers tools that answer to every word', async () => {
    const index = await build({
      a: [tool('merge', 'Merge a branch'), tool('merge_cells', 'Merge cells of a table'), tool('cells')],
    });
    expect(found(index, 'merge cells')[0]).toBe('a/merge_cells');
  });

  it('lifts the tool whose description alone has the word', async () => {
    const index = await build({
      a: [
        tool('first', 'Retrieve a record'),
        tool('second', 'Send a record'),
        tool('third', 'Count records'),
      ],
    });
    expect(found(index, 'retrieve')).toEqual(['a/first']);
  });

  it('leaves away what has little to do with it', async () => {
    expect(found(await build(shop), 'take screenshot', 20)).toEqual(['browser/takeScreenshot']);
  });

  it('keeps the order of servers and tools among equals', async () => {
    const tools = [tool('ping_b'), tool('ping_a'), tool('ping_c')];
    const index = await build({ z: tools, y: tools });
    expect(found(index, 'ping', 20)).toEqual([
      'z/ping_b',
      'z/ping_a',
      'z/ping_c',
      'y/ping_b',
      'y/ping_a',
      'y/ping_c',
    ]);
  });

  it('gives as many as asked for', async () => {
    expect(found(await build(shop), 'create', 2)).toHaveLength(2);
  });

  it('does not confuse a word with the mark of a meaning', async () => {
    const index = await build({ a: [tool('make_tea')] });
    expect(found(index, 'create')).toEqual(['a/make_tea']);
    expect(found(await build({ a: [tool('tea')] }), '=create')).toEqual([]);
  });
});

describe('an index of 1,000 tools', () => {
  const VERBS = ['create', 'list', 'delete', 'update', 'get', 'search', 'send', 'export', 'archive', 'count'];
  const NOUNS = [
    'invoice',
    'customer',
    'report',
    'ticket',
    'branch',
    'contract',
    'payment',
    'product',
    'order',
    'user',
  ];
  const servers = Object.fromEntries(
    Array.from({ length: 10 }, (_, s) => [
      `server${s}`,
      VERBS.flatMap((verb) =>
        NOUNS.map((noun) =>
          tool(
            `${verb}_${noun}_v${s}`,
            `${verb} a ${noun}. Takes the id of the ${noun} and gives what became of it, with all of its details.`,
            { id: { type: 'string', description: `Id of the ${noun}` }, dryRun: { type: 'boolean' } },
          ),
        ),
      ),
    ]),
  );

  it('is built in 150 ms and answers in 10 ms', async () => {
    const builds: number[] = [];
    let index = await build({});
    for (let round = 0; round < 5; round += 1) {
      const started = performance.now();
      index = await build(servers);
      builds.push(performance.now() - started);
    }
    const queries = Array.from({ length: 20 }, () => {
      const started = performance.now();
      found(index, 'delte custmer by id', 20);
      return performance.now() - started;
    });
    expect(index.size).toBe(1000);
    expect(Math.min(...builds)).toBeLessThan(150);
    expect(Math.min(...queries)).toBeLessThan(10);
  });

  it('lets others have their turn while it is built', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    await build(servers);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
  });

  it('finds the one tool among them', async () => {
    const index = await build(servers);
    expect(found(index, 'server7 archive contract')[0]).toBe('server7/archive_contract_v7');
    expect(found(index, 'v3 paymnet send')[0]).toBe('server3/send_payment_v3');
  });
});
