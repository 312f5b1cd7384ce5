import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SavedScripts } from '@smcp/codemode';
import type { JsonObject } from '@smcp/protocol';
import { waitUntil } from '../eras/harness/wait-until.ts';
import { openCodeStage, type CodeStage, type Person } from './code-stage.ts';
import { startWorkServer, type WorkServer } from './work-server.ts';

let work: WorkServer;
let stage: CodeStage;

beforeAll(async () => {
  work = await startWorkServer();
  stage = await openCodeStage({
    servers: { work: { url: work.url }, other: { url: work.url } },
    roles: {
      intern: { allow: ['smcp:smcp_execute', 'work:echo', 'scripts:greet'] },
      ops: { allow: ['*:*'], deny: ['smcp:save_script', 'scripts:*'] },
    },
  });
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await work[Symbol.asyncDispose]();
});

beforeEach(() => {
  work.forget();
});

const GREET = {
  name: 'greet',
  description: 'Greets somebody through the work server',
  code: `const said = await work.echo({ text: 'hello ' + args.name }); return { said };`,
  input: {
    type: 'object',
    properties: { name: { type: 'string', minLength: 1 }, times: { type: 'integer', maximum: 3 } },
    required: ['name'],
    additionalProperties: false,
  },
  servers: ['work'],
};

async function save(who: Person, request: object) {
  return await stage.run(who, `return await saveScript(${JSON.stringify(request)})`);
}

/** What an operator does: looks at what waits, and approves it. */
async function approve(name: string): Promise<void> {
  const scripts = new SavedScripts({ table: stage.fixture.foundation.store.scripts, now: Date.now });
  const waiting = (await scripts.list('default')).find(
    (each) => each.name === name && each.state === 'waiting',
  );
  if (waiting === undefined) throw new Error(`Nothing called ${name} waits`);
  await scripts.approve(waiting, 'operator:dana');
}

async function saved(request: { readonly name: string }): Promise<void> {
  const kept = await save('alice', request);
  if (kept.isError) throw new Error(kept.text);
  await approve(request.name);
  await waitUntil(`${request.name} to be listed`, async () =>
    (await toolNames('alice')).includes(`scripts_${request.name}`) ? true : undefined,
  );
}

async function toolNames(who: Person): Promise<readonly string[]> {
  const { result } = await stage.modern(who, '/mcp').request('tools/list');
  const tools = (result?.['tools'] ?? []) as readonly { readonly name: string }[];
  return tools.map(({ name }) => name);
}

async function use(who: Person, name: string, args: JsonObject) {
  const { result, error } = await stage.modern(who, '/mcp').request('tools/call', { name, arguments: args });
  const [block] = (result?.['content'] ?? []) as readonly { readonly text: string }[];
  return {
    text: block?.text ?? error?.message ?? '',
    isError: result?.['isError'] === true || error !== undefined,
    result,
  };
}

describe('a script that is saved from a script [S3-62]', () => {
  it('waits for an operator, then is a tool at /mcp and in scripts, with the rights of who calls it', async () => {
    const kept = await save('alice', GREET);
    expect(kept.result).toMatchObject({ name: 'greet', version: 1, state: 'waiting' });
    expect(await toolNames('alice')).not.toContain('scripts_greet');
    expect((await use('alice', 'scripts_greet', { name: 'Ada' })).isError).toBe(true);
    const early = await stage.run('alice', `return await call('scripts', 'greet', { name: 'Ada' })`);
    expect(early.isError).toBe(true);
    await approve('greet');
    await waitUntil('it to be listed', async () =>
      (await toolNames('alice')).includes('scripts_greet') ? true : undefined,
    );
    expect(await use('alice', 'scripts_greet', { name: 'Ada' })).toMatchObject({
      isError: false,
      result: { structuredContent: { said: 'hello Ada' } },
    });
    const inScript = await stage.run('alice', `return await scripts.greet({ name: 'Bob' })`);
    expect(inScript.result).toEqual({ said: 'hello Bob' });
    expect(work.done.map(({ args }) => args['text'])).toEqual(['hello Ada', 'hello Bob']);
    expect(
      JSON.stringify(await stage.run('alice', `return await searchToolDocs('greet somebody')`)),
    ).toContain('greet');
  });

  it('is checked against its arguments wherever it is called', async () => {
    for (const args of [{}, { name: '' }, { name: 1 }, { name: 'Ada', times: 4 }, { name: 'Ada', more: 1 }]) {
      const plain = await use('alice', 'scripts_greet', args);
      expect(plain).toMatchObject({
        isError: true,
        text: expect.stringContaining('The arguments of "greet" are refused'),
      });
      const code = `const tool: string = 'greet'; return await call('scripts', tool, ${JSON.stringify(args)}).catch(({ message }: ToolError) => message)`;
      expect((await stage.run('alice', code)).result).toContain('are refused');
    }
    expect(work.names).toEqual([]);
    const typed = await stage.run('alice', `return await scripts.greet({ name: 1 })`);
    expect(typed).toMatchObject({ data: { status: 'check_failed' } });
  });

  it('is listed to those whose roles have it, and is nothing to others', async () => {
    expect(await toolNames('ivan')).toContain('scripts_greet');
    expect(await toolNames('olga')).not.toContain('scripts_greet');
    expect((await use('olga', 'scripts_greet', { name: 'Ada' })).text).toContain('Unknown tool');
    const executed = await stage.run(
      'olga',
      `return [await call('scripts', 'greet', { name: 'x' }).catch(({ code }: ToolError) => code), discoveredServers()]`,
    );
    expect(executed.result).toEqual(['SERVER_UNKNOWN', ['work', 'other']]);
    expect(await use('ivan', 'scripts_greet', { name: 'Ivan' })).toMatchObject({ isError: false });
  });

  it('is saved by nobody whose role denies that', async () => {
    const refused = await save('olga', { ...GREET, name: 'by_olga' });
    expect(refused).toMatchObject({ isError: true });
    const ivans = await save('ivan', { ...GREET, name: 'by_ivan' });
    expect(ivans).toMatchObject({ isError: true });
    const all = await stage.fixture.foundation.store.scripts.list(undefined);
    expect(all.map(({ name }) => name)).toEqual(['greet']);
  });

  it('gives nobody rights that they have not got, and reaches no server but its own', async () => {
    await saved({
      ...GREET,
      name: 'reach',
      code: `const tries = [['work', 'echo'], ['work', 'pay'], ['other', 'echo'], ['smcp', 'smcp_execute'], ['scripts', 'greet']];
        const said = [];
        for (const [server, tool] of tries) {
          said.push(await call(server, tool, { text: 'x', to: 'x', amount: 1, name: 'x' }).then(() => 'ok', ({ code }) => code));
        }
        return said;`,
    } as never);
    const alice = await stage.run('alice', `return await scripts.reach({ name: 'x' })`);
    expect(alice.result).toEqual(['ok', 'ok', 'SERVER_UNKNOWN', 'SERVER_UNKNOWN', 'SERVER_UNKNOWN']);
    expect((await use('ivan', 'scripts_reach', { name: 'x' })).text).toContain('Unknown tool');
  });

  it('has its calls beneath its own, and these beneath the script that called it', async () => {
    await stage.run('alice', `await scripts.greet({ name: 'tree' })`);
    const [tree] = await stage.trees();
    expect(tree?.children).toMatchObject([
      {
        call: { server: 'scripts', name: 'greet', door: 'script', outcome: 'ok' },
        children: [{ call: { server: 'work', name: 'echo', door: 'script', outcome: 'ok' } }],
      },
    ]);
  });

  it('calls itself no deeper than is allowed', async () => {
    await saved({
      ...GREET,
      name: 'again',
      code: `return await call('scripts', 'again', { name: args.name + '!' }).catch(({ message }) => message)`,
      servers: ['scripts'],
    } as never);
    const { text } = await use('alice', 'scripts_again', { name: 'x' });
    expect(text).toContain('at most 3 deep');
    const depths = (await stage.calls()).filter(({ name }) => name === 'again');
    expect(depths).toHaveLength(5);
  });

  it.each<[string, object, RegExp]>([
    [
      'a schema that arguments cannot be checked against',
      { input: { type: 'object', properties: { a: { type: 'string', format: 'shoe' } } } },
      /cannot be checked against/,
    ],
    ['a name that is none', { name: 'No Name' }, /lower-case/],
    ['a credential in it', { code: `const key = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'` }, /credentials/],
    ['a server that the caller has not got', { servers: ['nowhere'] }, /nowhere/],
    ['a member that is not known', { run: true }, /run/],
  ])('is not saved with %s', async (_what, more, said) => {
    const executed = await save('alice', { ...GREET, name: 'bad_one', ...more });
    expect(executed).toMatchObject({ isError: true, text: expect.stringMatching(said) });
    expect(await stage.fixture.foundation.store.scripts.versions('default', 'bad_one')).toEqual([]);
  });

  it('goes on in the version that was approved until the next one is', async () => {
    await save('alice', { ...GREET, code: `return 'version two'` });
    expect(await use('alice', 'scripts_greet', { name: 'Ada' })).toMatchObject({
      text: expect.stringContaining('hello Ada'),
    });
    await approve('greet');
    await waitUntil('the second version', async () =>
      (await use('alice', 'scripts_greet', { name: 'Ada' })).text.includes('version two') ? true : undefined,
    );
  });
});
