import { expect, it } from 'vitest';
import { DRIVE, GITHUB, GuestRealm } from './guest-realm.ts';

const DISCOVERED = [
  { name: 'github', description: 'Code' },
  { name: 'Google Drive', description: '' },
];

function start(): GuestRealm {
  return new GuestRealm().start({ servers: [GITHUB, DRIVE], discovered: DISCOVERED }, ({ name }) =>
    name === 'tool'
      ? { structuredContent: { done: true } }
      : name === 'save_script'
        ? { structuredContent: { answered: name } }
        : { answered: name },
  );
}

it.each([
  ['discoveredServers()', ['github', 'Google Drive']],
  ['discovered_servers(false)', ['github', 'Google Drive']],
  ['discoveredServers({detailed: true})', DISCOVERED],
  ['discovered_servers(true)', DISCOVERED],
  ['runtime.discoveredServers({detailed: false})', ['github', 'Google Drive']],
  ['capabilitySummary()', 'summary'],
  ['runtime.capability_summary()', 'summary'],
])('%s answers at once without asking [S3-10] [S3-31]', async (code, expected) => {
  const realm = start();
  expect(await realm.run(`const value = ${code}; return value`)).toEqual(expected);
  expect(realm.asked).toEqual([]);
});

it.each([
  [`listTools('github')`, 'list_tools', { server: 'github' }],
  [`list_tools({server: 'github'})`, 'list_tools', { server: 'github' }],
  [`queryToolDocs('github')`, 'query_tool_docs', { server: 'github' }],
  [
    `queryToolDocs('github', {tool: 'x', detail: 'full'})`,
    'query_tool_docs',
    { server: 'github', tool: 'x', detail: 'full' },
  ],
  [
    `query_tool_docs('github', 'x', 'full')`,
    'query_tool_docs',
    { server: 'github', tool: 'x', detail: 'full' },
  ],
  [`query_tool_docs('github', null, 'full')`, 'query_tool_docs', { server: 'github', detail: 'full' }],
  [
    `query_tool_docs('github', 'x', {detail: 'full'})`,
    'query_tool_docs',
    { server: 'github', tool: 'x', detail: 'full' },
  ],
  [
    `queryToolDocs({server: 'github', tool: 'x', other: 1})`,
    'query_tool_docs',
    { server: 'github', tool: 'x' },
  ],
  [`searchToolDocs('issue', {limit: 3})`, 'search_tool_docs', { query: 'issue', limit: 3 }],
  [`search_tool_docs('issue', 3, 'full')`, 'search_tool_docs', { query: 'issue', limit: 3, detail: 'full' }],
  [
    `runtime.searchToolDocs({query: 'issue', detail: 'full'})`,
    'search_tool_docs',
    { query: 'issue', detail: 'full' },
  ],
  [`describeServer('github')`, 'describe_server', { server: 'github' }],
  [`describe_server({name: 'github'})`, 'describe_server', { server: 'github' }],
  [`fetchOutput('out-1', {from: 5, to: 9})`, 'fetch_output', { handle: 'out-1', from: 5, to: 9 }],
  [`fetch_output('out-1', 5)`, 'fetch_output', { handle: 'out-1', from: 5 }],
  [
    `saveScript({name: 'a', description: 'b', code: 'return 1'})`,
    'save_script',
    { name: 'a', description: 'b', code: 'return 1' },
  ],
  [`save_tool({name: 'a', function: (x) => x + 1})`, 'save_script', { name: 'a', function: '(x) => x + 1' }],
  [
    `smcp_save(async function total(args) { return 1 }, {description: 'd'})`,
    'save_script',
    { name: 'total', description: 'd', function: 'async function total(args) { return 1 }' },
  ],
])('%s asks %s [S3-30] [S3-33] [S3-34]', async (code, name, input) => {
  const realm = start();
  expect(await realm.run(`return ${code}`)).toEqual({ answered: name });
  expect(realm.asked).toEqual([{ name, input }]);
});

it.each([
  `call('github', 'list-issues', {a: 1})`,
  `callTool('github', 'list-issues', {a: 1})`,
  `call_tool({server: 'github', tool: 'list-issues', args: {a: 1}})`,
  `runtime.callTool({server: 'github', tool: 'list-issues', arguments: {a: 1}})`,
])('%s calls the tool [S3-34]', async (code) => {
  const realm = start();
  expect(await realm.run(`return ${code}`)).toEqual({ done: true });
  expect(realm.asked).toEqual([
    { name: 'tool', input: { server: 'github', tool: 'list-issues', args: { a: 1 }, raw: false } },
  ]);
});

it.each(['call()', `call('github')`, `call(github, 'x')`, `call('github', 5)`, 'call(null, null)'])(
  '%s is refused before anything is asked',
  async (code) => {
    const realm = start();
    expect(await realm.run(`try { await ${code} } catch (e) { return e.name }`)).toBe('TypeError');
    expect(realm.asked).toEqual([]);
  },
);

it('listServers() gives what can be used: all, or only what was loaded [S3-35]', async () => {
  const realm = start();
  expect(await realm.run('return listServers()')).toEqual(['github', 'Google Drive']);
  realm.start({ servers: [GITHUB, DRIVE], loadOnUse: false });
  expect(await realm.run('return list_servers()')).toEqual(['github']);
});

it('listLoadedServerMetadata() tells of servers that are loaded or were used [S3-32]', async () => {
  const realm = start();
  expect(await realm.run('return listLoadedServerMetadata()')).toEqual([{ answered: 'describe_server' }]);
  await realm.run('await googleDrive.listFiles(); await list_loaded_server_metadata()');
  expect(
    realm.asked.filter(({ name }) => name === 'describe_server').map(({ input }) => input['server']),
  ).toEqual(['github', 'github', 'Google Drive']);
});

it('runtime has every helper and is frozen', async () => {
  const realm = start();
  expect(
    await realm.run(`return [Object.isFrozen(runtime), runtime.call === call, 'addServer' in runtime]`),
  ).toEqual([true, true, false]);
});

it('servers.add() gives the namespace of what was added [S0-14]', async () => {
  const added = {
    name: 'my-notes',
    alias: 'myNotes',
    snake: 'my_notes',
    loaded: true,
    tools: [['read', 'read', 'read']],
  };
  const realm = new GuestRealm().start({}, ({ name }) =>
    name === 'add_server' ? added : { structuredContent: { ok: 1 } },
  );
  expect(
    await realm.run(`
      const notes = await servers.add({name: 'my-notes', url: 'https://notes.example/mcp'});
      return [notes === myNotes, notes === servers['my-notes'], notes === mcp_my_notes, await notes.read()]`),
  ).toEqual([true, true, true, { ok: 1 }]);
  expect(realm.asked[0]).toEqual({
    name: 'add_server',
    input: { name: 'my-notes', url: 'https://notes.example/mcp' },
  });
});

it.each(['servers.add()', `servers.add('https://x.example')`, 'servers.add([1])'])(
  '%s is refused before anything is asked',
  async (code) => {
    const realm = start();
    expect(await realm.run(`try { await ${code} } catch (e) { return e.name }`)).toBe('TypeError');
    expect(realm.asked).toEqual([]);
  },
);

it('args is there for a saved script only', async () => {
  const realm = start();
  expect(await realm.run('return typeof args')).toBe('undefined');
  realm.start({ args: { a: [1] } });
  expect(await realm.run('return args')).toEqual({ a: [1] });
});
