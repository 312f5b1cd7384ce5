import { openFoundation } from '../../src/index.ts';
import { SavedScripts, type SavedScript } from '@smcp/codemode';
import { describe, expect, it } from 'vitest';
import { RawClient, readEvents } from '../helpers/mcp-client.ts';
import { KEYS, openCodeStage, type CodeStage } from './code-stage.ts';

/** What an operator does with saved scripts, in another process with the same state folder. */
async function asOperator<T>({ fixture }: CodeStage, use: (scripts: SavedScripts) => Promise<T>): Promise<T> {
  await using foundation = await openFoundation({ env: {}, home: `${fixture.folder}/state` });
  return await use(new SavedScripts({ table: foundation.store.scripts, now: Date.now }));
}

async function put(stage: CodeStage, code: string): Promise<SavedScript> {
  return await asOperator(stage, async (scripts) => {
    const context = { tenant: 'default', principal: 'operator:dana', serverNamed: () => undefined };
    const saved = await scripts.save({ name: 'double', description: 'Doubles', code }, context);
    return await scripts.approve(saved, 'operator:dana');
  });
}

async function listed(client: RawClient): Promise<readonly string[]> {
  const { result } = await client.request('tools/list');
  return ((result?.['tools'] ?? []) as readonly { name: string }[]).map(({ name }) => name);
}

describe('a running gateway', () => {
  it('offers a script once an operator elsewhere has approved it, and no more once it is retired', async () => {
    await using stage = await openCodeStage();
    const client = stage.raw('alice', '/mcp');
    await client.connect();
    expect(await listed(client)).toEqual([]);
    await put(stage, 'return 2 * 21');
    await expect.poll(() => listed(client), { timeout: 10_000 }).toEqual(['scripts_double']);
    const called = await client.callTool('scripts_double');
    expect(JSON.stringify(called.result)).toContain('42');
    await asOperator(stage, async (scripts) => {
      await scripts.retire('default', 'double', 'operator:dana');
    });
    await expect.poll(() => listed(client), { timeout: 10_000 }).toEqual([]);
    expect((await client.callTool('scripts_double')).error).toBeDefined();
  });

  it('tells clients that the list has changed, and runs the version that was approved last', async () => {
    await using stage = await openCodeStage();
    await put(stage, 'return "first"');
    const client = new RawClient(stage.url('/mcp'), KEYS.alice);
    await client.connect();
    expect(await listed(client)).toEqual(['scripts_double']);
    const controller = new AbortController();
    const stream = await client.stream(controller.signal);
    await put(stage, 'return "second"');
    const decoder = new TextDecoder();
    let heard = '';
    for await (const chunk of stream.body ?? []) {
      heard += decoder.decode(chunk as Uint8Array, { stream: true });
      if (heard.includes('\n\n') && heard.includes('list_changed')) break;
    }
    controller.abort();
    expect(readEvents(heard)).toContainEqual(
      expect.objectContaining({ method: 'notifications/tools/list_changed' }),
    );
    const { result } = await client.callTool('scripts_double');
    expect(JSON.stringify(result)).toContain('second');
  });
});

describe('/readyz with code mode', () => {
  it('is content while scripts can be contained', async () => {
    await using stage = await openCodeStage();
    expect((await stage.run('alice', 'return 1')).result).toBe(1);
    expect((await fetch(stage.url('/readyz'))).status).toBe(200);
  });

  it('tells when they cannot, and nothing of why', async () => {
    await using stage = await openCodeStage({
      codeMode: { containment: 'required' },
      env: { PATH: '/nowhere' },
    });
    const read = async () => {
      const response = await fetch(stage.url('/readyz'));
      return { status: response.status, text: await response.text() };
    };
    await expect.poll(async () => (await read()).status, { timeout: 20_000 }).toBe(503);
    const { text } = await read();
    expect(text).toContain('code mode');
    expect(text).not.toContain('bubblewrap');
    expect(stage.fixture.log()).toContain('scripts cannot be run');
  });
});
