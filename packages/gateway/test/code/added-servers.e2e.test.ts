import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FormAnswer } from '../eras/client/era-client.ts';
import { makeCertificate } from '../hostile/make-certificate.ts';
import { execute, KEYS, openCodeStage, type CodeStage } from './code-stage.ts';
import { startWorkServer, type WorkServer } from './work-server.ts';

const AUTHORITIES = getCACertificates('default');
const YES = { action: 'accept', content: { approve: true } } as unknown as FormAnswer;

let books: WorkServer;
let plain: WorkServer;
let stage: CodeStage;

beforeAll(async () => {
  const certificate = makeCertificate('127.0.0.1');
  setDefaultCACertificates([certificate.cert]);
  books = await startWorkServer(certificate);
  plain = await startWorkServer();
  stage = await openCodeStage({
    servers: { work: { url: plain.url } },
    codeMode: { add_servers: ['127.0.0.1', '*.example.com'] },
    roles: {
      eng: { allow: ['*:*'], ask: ['smcp:add_server'] },
      intern: { allow: ['*:*'], deny: ['smcp:add_server'] },
      ops: { allow: ['*:*'], deny: ['added.*:pay', 'added.hidden:*'] },
    },
  });
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await books[Symbol.asyncDispose]();
  await plain[Symbol.asyncDispose]();
  setDefaultCACertificates(AUTHORITIES);
});

beforeEach(() => {
  books.forget();
  plain.forget();
});

function adding(more = '', name = 'books'): string {
  return `const added = await servers.add({ name: '${name}', url: '${books.url}', description: 'Books' }); ${more}`;
}

describe('servers.add() [S0-13] [S0-14] [S3-60]', () => {
  it('adds a server where policy allows it, under a name of its own, for this execution alone', async () => {
    const code = adding(`const tool: any = added;
      return [await tool.echo({ text: 'x' }), discoveredServers(), await call('added.books', 'echo', { text: 'y' })];`);
    const executed = await stage.run('olga', code);
    expect(executed.result).toEqual(['x', ['work'], 'y']);
    expect(books.names).toEqual(['echo', 'echo']);
    const [tree] = await stage.trees();
    expect(tree?.children.map(({ call }) => [call.server, call.name, call.outcome])).toEqual([
      ['smcp', 'add_server', 'ok'],
      ['added.books', 'echo', 'ok'],
      ['added.books', 'echo', 'ok'],
    ]);
    const next = await stage.run('olga', `return await call('added.books', 'echo', { text: 'z' })`);
    expect(next).toMatchObject({ isError: true, data: { error: { code: 'SERVER_UNKNOWN' } } });
  });

  it('keeps it in a session, for its principal', async () => {
    await stage.run('olga', adding(), { session: 'with-books' });
    const code = `return await call('added.books', 'echo', { text: 'later' })`;
    expect(await stage.run('olga', code, { session: 'with-books' })).toMatchObject({ result: 'later' });
    expect(await stage.run('olga', code, { session: 'without' })).toMatchObject({ isError: true });
    expect(await stage.run('ivan', code, { session: 'with-books' })).toMatchObject({ isError: true });
    await fetch(stage.url('/code/sessions/with-books'), {
      method: 'DELETE',
      headers: { authorization: `Bearer ${KEYS.olga}` },
    });
    expect(await stage.run('olga', code, { session: 'with-books' })).toMatchObject({ isError: true });
    expect(books.names).toEqual(['echo']);
  });

  it('asks the user where policy says so, and shows where it leads', async () => {
    await using client = await stage.connect('modern', 'alice');
    client.answers = { ...client.answers, elicit: () => YES };
    const executed = await execute(client, adding(`return await call('added.books', 'echo', { text: 'x' })`));
    expect(executed.result).toBe('x');
    expect(client.asked[0]?.params['message']).toContain(books.url);
    client.forget();
    client.answers = { ...client.answers, elicit: () => ({ action: 'decline' }) };
    const refused = await execute(client, adding('', 'others'));
    expect(refused).toMatchObject({ isError: true, data: { error: { code: 'NOT_APPROVED' } } });
    expect(books.names).toEqual(['echo']);
  });

  it('does not where policy denies it', async () => {
    const executed = await stage.run('ivan', adding());
    expect(executed).toMatchObject({
      isError: true,
      data: { error: { name: 'ToolError', code: 'UNKNOWN' } },
    });
    const [tree] = await stage.trees();
    expect(tree?.children).toMatchObject([
      { call: { name: 'add_server', outcome: 'refused', code: 'DENIED' } },
    ]);
  });

  it('gives no more of it than policy lets the caller have', async () => {
    const code = adding(`const named: string = 'added.books';
      const list = await listTools(named);
      return [list.map(({ tool }) => tool), await call(named, 'pay', { to: 'x', amount: 1 }).catch(({ code }: ToolError) => code)];`);
    const { result } = await stage.run('olga', code);
    expect(JSON.stringify(result)).not.toContain('"pay"');
    expect(result).toMatchObject([expect.arrayContaining(['echo']), 'TOOL_UNKNOWN']);
    const hidden = await stage.run(
      'olga',
      adding(`return await call('added.hidden', 'echo', { text: 'x' })`, 'hidden'),
    );
    expect(hidden.isError).toBe(true);
    expect(books.names).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    [
      'a host that is not listed',
      `{ name: 'x', url: 'https://evil.example.org/mcp' }`,
      /not one that may be added/,
    ],
    [
      'a name that only looks like it',
      `{ name: 'x', url: 'https://example.com.evil.org/' }`,
      /not one that may be added/,
    ],
    [
      'the domain above the listed ones',
      `{ name: 'x', url: 'https://example.com/' }`,
      /not one that may be added/,
    ],
    ['an address without TLS', `{ name: 'x', url: 'http://127.0.0.1/mcp' }`, /https/],
    [
      'the address of machine metadata',
      `{ name: 'x', url: 'https://169.254.169.254/' }`,
      /not one that may be added/,
    ],
    ['user and password', `{ name: 'x', url: 'https://a:b@mcp.example.com/' }`, /without user and password/],
    ['a name with a dot', `{ name: 'a.b', url: 'https://mcp.example.com/' }`, /"name"/],
    ['a command', `{ name: 'x', command: 'sh' }`, /unknown member "command"/],
    [
      'headers',
      `{ name: 'x', url: 'https://mcp.example.com/', headers: { a: 'b' } }`,
      /unknown member "headers"/,
    ],
    ['nothing', `{}`, /"name"/],
  ])('refuses %s, before anybody is asked (A61) (A63) (A64) (A69)', async (_what, what, said) => {
    const code = `const what: any = ${what}; await servers.add(what)`;
    const executed = await stage.run('olga', code);
    expect(executed).toMatchObject({ isError: true, text: expect.stringMatching(said) });
    const [tree] = await stage.trees();
    expect(tree?.children).toEqual([]);
  });

  it('never sends the login of the caller to it (A43)', async () => {
    await stage.run('olga', adding(`await call('added.books', 'echo', { text: 'x' })`));
    expect(books.done).toHaveLength(1);
    expect(JSON.stringify(books.done[0]?.headers)).not.toContain('smcp_key_');
  });

  it('adds nothing where the operator listed no hosts', async () => {
    await using none = await openCodeStage();
    const executed = await none.run(
      'olga',
      `await servers.add({ name: 'x', url: 'https://mcp.example.com/' })`,
    );
    expect(executed.text).toContain('add_servers');
  });
});
