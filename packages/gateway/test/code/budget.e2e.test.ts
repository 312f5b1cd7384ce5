import { fileURLToPath } from 'node:url';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { openCodeStage, type CodeStage } from './code-stage.ts';

const PROGRAM = fileURLToPath(import.meta.resolve('./many-tools-server.mjs'));
const MAX_TOKENS = 250;

async function openWith(...counts: readonly number[]): Promise<CodeStage> {
  const servers = counts.map((count, index): [string, object] => [
    `zebras_${index}`,
    {
      command: process.execPath,
      args: [PROGRAM, String(count)],
      start: 'eager',
      description: 'About zebras',
    },
  ]);
  return await openCodeStage({ servers: Object.fromEntries(servers) });
}

/** What `tools/list` at `/code` gives: the text of the list, as it is on the wire. */
async function listed(stage: CodeStage): Promise<{ readonly handshake: string; readonly modern: string }> {
  const old = stage.raw('alice');
  await old.connect();
  const handshake = await old.post({ jsonrpc: '2.0', id: 7, method: 'tools/list', params: {} });
  const modern = await stage.modern('alice').post('tools/list', {}, { id: 7 });
  return { handshake: await handshake.text(), modern: await modern.text() };
}

function toolsOf(text: string): readonly Record<string, unknown>[] {
  const line =
    text
      .split('\n')
      .find((each) => each.startsWith('data: '))
      ?.slice('data: '.length) ?? text;
  return JSON.parse(line).result.tools;
}

describe('tools/list at /code', () => {
  it('is one tool of at most 250 tokens, byte for byte the same for 0 to 1,000 tools and 50 servers [S3-01] [S3-02] [S3-03] [S3-19]', async () => {
    const kinds: { readonly handshake: string; readonly modern: string }[] = [];
    for (const counts of [[], [3], [100], [1000], Array.from({ length: 50 }, () => 2)]) {
      await using stage = await openWith(...counts);
      // Known or not, the catalogue is in no list.
      const code =
        'return (await Promise.all(discoveredServers().map((name) => listTools(name)))).flat().length';
      const all = counts.reduce((sum, count) => sum + count, 0);
      expect(await stage.run('alice', code)).toMatchObject({ result: all });
      kinds.push(await listed(stage));
    }
    const [first] = kinds;
    for (const one of kinds) {
      expect(one).toEqual(first);
    }
    for (const text of [first?.handshake ?? '', first?.modern ?? '']) {
      const tools = toolsOf(text);
      expect(tools.map(({ name }) => name)).toEqual(['smcp_execute']);
      const tokens = countTokens(JSON.stringify(tools));
      console.log(`tools/list at /code: ${tokens} tokens, ${text.length} characters on the wire`);
      expect(tokens).toBeLessThanOrEqual(MAX_TOKENS);
    }
  });

  it('holds nothing of any server: no name, no tool, no description [S3-29] (A12)', async () => {
    await using stage = await openWith(5);
    const { handshake, modern } = await listed(stage);
    expect(handshake + modern).not.toMatch(/zebra/i);
  });

  it('keeps what scripts ask of the gateway itself off the list, and closed to callers', async () => {
    await using stage = await openWith();
    for (const name of ['save_script', 'add_server', 'smcp_manage', 'zebra_tool_0']) {
      const { result, error } = await stage.modern('alice').request('tools/call', { name, arguments: {} });
      expect(`${name}: ${JSON.stringify(result ?? error)}`).toContain(`Unknown tool: ${name}`);
      expect(result?.['isError'] ?? true).toBe(true);
    }
  });

  it('reaches each of a thousand tools from one script, by names found in a search [S3-03] [S3-09] [S3-10] [S3-11]', async () => {
    await using stage = await openWith(1000);
    const code = `
      const [hit] = await searchToolDocs('tell zebra number 777', { limit: 1 });
      if (hit === undefined) throw new Error('none');
      return [hit.server, hit.tool, await call(hit.server, hit.tool, { text: 'hello' })];`;
    const executed = await stage.run('alice', code);
    expect(executed.result).toEqual(['zebras_0', 'zebra_tool_777', 'zebra_tool_777: hello']);
    expect(countTokens(executed.text)).toBeLessThan(100);
  });
});
