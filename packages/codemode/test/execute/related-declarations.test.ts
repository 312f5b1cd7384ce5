import { expect, it } from 'vitest';
import { declareRun } from '../../src/execute/declarations.ts';
import { relatedDeclarations } from '../../src/execute/related-declarations.ts';
import { RunServers } from '../../src/execute/run-servers.ts';
import { FakeHost } from './fake-host.ts';

const NEVER = new AbortController().signal;

async function declared(args?: string) {
  const servers = new RunServers({ host: new FakeHost(), loadOnUse: true });
  await servers.loadNamed(['github'], NEVER);
  return declareRun(servers, servers.all, 500, args);
}

const at = (
  line: number,
  column: number,
  related: { file: string; line: number; message: string }[] = [],
) => ({
  line,
  column,
  code: 2345,
  message: 'wrong',
  related,
});

it('declareRun() declares globals, loaded servers in full, and mentioned ones as they come', async () => {
  const { files, servers } = await declared('declare const args: { a: string };');
  expect(files.map(({ name }) => name)).toEqual(['globals.d.ts', 'github.d.ts', 'myNotes.d.ts', 'args.d.ts']);
  expect(servers.get('github.d.ts')?.tools).toHaveLength(2);
  expect(servers.get('myNotes.d.ts')?.tools).toEqual([]);
});

it('relatedDeclarations() gives the tool that the compiler points at', async () => {
  const declarations = await declared();
  const { from } = declarations.servers.get('github.d.ts')!.tools[1]!;
  const place = { file: 'github.d.ts', line: from, message: '' };
  expect(relatedDeclarations([at(1, 1, [place]), at(2, 1, [place])], 'x', declarations, 500)).toEqual([
    expect.stringContaining('github.createIssue('),
  ]);
});

it.each([
  ['await github.listIssues({a: 1})', 1, 26],
  ['await mcp_github.list_issues({a: 1})', 1, 30],
  ["await github['list-issues']({a: 1})", 1, 30],
  ['await github . listIssues({\n  a: 1,\n})', 2, 3],
])('relatedDeclarations() finds the call near %j', async (code, line, column) => {
  expect(relatedDeclarations([at(line, column)], code, await declared(), 500)).toEqual([
    expect.stringContaining('github.listIssues('),
  ]);
});

it.each([
  ['await github.nope({})', 1, 8],
  ['await other.listIssues({})', 1, 8],
  ['const a: number = "x"', 1, 7],
  ['a\nb\nc\nd\ne\nf', 400, 1],
])('relatedDeclarations() finds nothing for %j', async (code, line, column) => {
  const place = { file: 'lib.d.ts', line: 1, message: '' };
  expect(relatedDeclarations([at(line, column, [place])], code, await declared(), 500)).toEqual([]);
});

it('relatedDeclarations() takes the last call before the place', async () => {
  const code = 'github.listIssues(); github.createIssue({x: 1}); github.listIssues()';
  const [text] = relatedDeclarations([at(1, 43)], code, await declared(), 500);
  expect(text).toContain('github.createIssue(');
});

it('relatedDeclarations() is quick on a hostile line', async () => {
  const code = 'a '.repeat(100_000);
  expect(
    relatedDeclarations(
      Array.from({ length: 10 }, () => at(1, 199_999)),
      code,
      await declared(),
      500,
    ),
  ).toEqual([]);
});
