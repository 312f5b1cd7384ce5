import { expect, it } from 'vitest';
import { RunServers } from '../../src/execute/run-servers.ts';
import type { ToolDefinition } from '../../src/tool-host.ts';
import { FakeHost, LIST_ISSUES } from './fake-host.ts';

const NEVER = new AbortController().signal;

const make = (host = new FakeHost(), loadOnUse = true) => ({
  host,
  servers: new RunServers({ host, loadOnUse }),
});
const loaded = (servers: RunServers) => servers.loaded.map(({ server }) => server.name);

it('RunServers names every server and asks none', () => {
  const { host, servers } = make();
  expect(servers.all.map(({ alias }) => alias)).toEqual(['github', 'myNotes']);
  expect(servers.loaded).toEqual([]);
  expect(host.asked).toEqual([]);
});

it('RunServers.loadNamed() loads by any name of a server, each once [S3-35]', async () => {
  const { host, servers } = make();
  await servers.loadNamed(['github', 'myNotes', 'my-notes', 'mcp_my_notes'], NEVER);
  expect(loaded(servers)).toEqual(['github', 'my-notes']);
  expect(host.asked).toEqual(['github', 'my-notes']);
});

it('RunServers.loadNamed() asks servers at the same time', async () => {
  const started: string[] = [];
  const gate = Promise.withResolvers<readonly ToolDefinition[]>();
  const host = new FakeHost();
  host.tools = async (server) => {
    started.push(server);
    return gate.promise;
  };
  const { servers } = make(host);
  const loading = servers.loadNamed(['github', 'my-notes'], NEVER);
  expect(started).toEqual(['github', 'my-notes']);
  gate.resolve([]);
  await loading;
});

it.each([
  [['nope'], 'SERVER_UNKNOWN', "Server 'nope' is not available"],
  [['githab'], 'SERVER_UNKNOWN', "Server 'githab' is not available; did you mean 'github'?"],
  [['github', ''], 'SERVER_UNKNOWN', "Server '' is not available"],
])('RunServers.loadNamed(%j) fails with %s before any server is asked', async (names, code, message) => {
  const { host, servers } = make();
  await expect(servers.loadNamed(names, NEVER)).rejects.toMatchObject({ code, message });
  expect(host.asked).toEqual([]);
});

it('RunServers.loadNamed() fails when a server cannot be had', async () => {
  const { servers } = make(new FakeHost({ down: new Set(['github']) }));
  await expect(servers.loadNamed(['github'], NEVER)).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
});

it('RunServers.loadMentioned() leaves out what cannot be had, and tries again on use', async () => {
  const down = new Set(['github']);
  const { host, servers } = make(new FakeHost({ down, servers: { github: [LIST_ISSUES], files: [] } }));
  await servers.loadMentioned(servers.all, NEVER);
  expect(loaded(servers)).toEqual(['files']);
  await expect(servers.use('github', NEVER)).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
  down.clear();
  expect((await servers.use('github', NEVER)).tools.map(({ alias }) => alias)).toEqual(['listIssues']);
  expect(host.asked).toEqual(['github', 'files', 'github', 'github']);
});

it('RunServers.loadMentioned() ends with the execution, also when a server never answers', async () => {
  const host = new FakeHost();
  host.tools = () => new Promise(() => undefined);
  const { servers } = make(host);
  const caller = new AbortController();
  const loading = servers.loadMentioned(servers.all, caller.signal);
  caller.abort(new Error('cancelled'));
  await expect(loading).rejects.toThrow('cancelled');
});

it('RunServers.use() loads a server once, however many calls want it', async () => {
  const { host, servers } = make();
  const [first, second] = await Promise.all([servers.use('github', NEVER), servers.use('github', NEVER)]);
  expect(first).toBe(second);
  expect(await servers.use('github', NEVER)).toBe(first);
  expect(host.asked).toEqual(['github']);
});

it('RunServers.use() refuses what was not loaded, where servers are not loaded on use [S3-36]', async () => {
  const { host, servers } = make(new FakeHost(), false);
  await servers.loadNamed(['github'], NEVER);
  await servers.loadMentioned(servers.all, NEVER);
  await expect(servers.use('my-notes', NEVER)).rejects.toMatchObject({
    code: 'SERVER_UNKNOWN',
    message: expect.stringMatching(/^Server 'my-notes' is not available/),
  });
  expect((await servers.use('github', NEVER)).server.name).toBe('github');
  expect(host.asked).toEqual(['github']);
});

it.each(['nope', '__proto__', 'constructor', ''])('RunServers.use(%j) finds no server', async (name) => {
  const { servers } = make();
  await expect(servers.use(name, NEVER)).rejects.toMatchObject({ code: 'SERVER_UNKNOWN' });
});

it('RunServers.adopt() takes in a server that the host has by now', async () => {
  const { host, servers } = make();
  const before = host.servers();
  host.servers = () => [...before, { name: 'added' }];
  expect((await servers.adopt({ name: 'added' }, NEVER)).server.alias).toBe('added');
  expect(loaded(servers)).toEqual(['added']);
  await expect(servers.adopt({ name: 'not there' }, NEVER)).rejects.toMatchObject({ code: 'SERVER_UNKNOWN' });
});
