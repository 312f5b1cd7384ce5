import { expect, it } from 'vitest';
import { nameServers } from '../../src/bindings/names.ts';
import { mentionedServers } from '../../src/execute/mentioned-servers.ts';

const SERVERS = nameServers(['github', 'Google Drive', 'my-notes', 'files']);

const mentioned = (source: string) => mentionedServers(source, SERVERS).map(({ name }) => name);

it.each([
  ['await github.listIssues()', ['github']],
  ['const { listIssues } = github', ['github']],
  ['await googleDrive.list()', ['Google Drive']],
  ['await mcp_google_drive.list()', ['Google Drive']],
  ["await mcp_servers['Google Drive'].list()", ['Google Drive']],
  ['await servers["my-notes"].read()', ['my-notes']],
  ['await call(`my-notes`, "read")', ['my-notes']],
  ["await call('github', 'x')", ['github']],
  ['github.a(); files.b(); myNotes.c()', ['github', 'my-notes', 'files']],
  ['github', ['github']],
])('mentionedServers() finds in %j the servers %j', (source, expected) => {
  expect(mentioned(source)).toEqual(expected);
});

it.each([
  'githubber.listIssues()',
  '_github.x()',
  '$github.x()',
  'github2.x()',
  'GitHub.x()',
  'my-notes',
  "servers['my-notes 2']",
  "servers['my' + '-notes']",
  '\'my-notes"',
  '',
  'mcp_servers',
])('mentionedServers() finds nothing in %j', (source) => {
  expect(mentioned(source)).toEqual([]);
});

it("mentionedServers() takes a server's own name before the alias of another", () => {
  const servers = nameServers(['a-b', 'aB']);
  expect(mentionedServers('aB.x()', servers).map(({ name }) => name)).toEqual(['aB']);
});

it('mentionedServers() is not confused by names of members of every object', () => {
  expect(mentioned('constructor.prototype; __proto__; toString()')).toEqual([]);
});

it.each([
  ['quotation marks', "'".repeat(200_000)],
  ['unclosed quotation marks', `'${'a '.repeat(100)}`.repeat(1000)],
  ['one long word', 'a'.repeat(200_000)],
  ['dots', '.'.repeat(200_000)],
])('mentionedServers() goes through %s in one pass', (_, source) => {
  const servers = nameServers(Array.from({ length: 1000 }, (_, i) => `server-${i}`));
  expect(mentionedServers(source, servers)).toEqual([]);
});
