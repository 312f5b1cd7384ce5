import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioClientTransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import type { FixtureEra } from '../fixture/options.ts';
import { QUESTION_NAME } from '../fixture/questions.ts';

const FIXTURE = join(import.meta.dirname, '..', 'fixture', 'main.ts');
const ACCEPTED = { action: 'accept', content: { name: 'Alice' } } as const;
const ASKING = { name: 'test_input_required_result_elicitation', arguments: {} };

const program = (era: FixtureEra) => ({
  command: process.execPath,
  args: [FIXTURE, '--transport', 'stdio', '--era', era],
});

async function connectV2(
  era: FixtureEra,
  mode: 'auto' | 'legacy',
): Promise<AsyncDisposable & { readonly client: Client }> {
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: { elicitation: {} }, versionNegotiation: { mode } },
  );
  client.setRequestHandler('elicitation/create', () => ACCEPTED);
  await client.connect(new StdioClientTransport(program(era)));
  return { client, [Symbol.asyncDispose]: async () => await client.close() };
}

describe('the fixture over stdio', () => {
  it.each([
    ['dual', 'auto', 'modern'],
    ['modern', 'auto', 'modern'],
    ['legacy', 'auto', 'legacy'],
    ['dual', 'legacy', 'legacy'],
  ] as const)('speaks, as %s to a client that is %s, the %s way, with questions', async (era, mode, way) => {
    await using connected = await connectV2(era, mode);
    const { client } = connected;
    expect(client.getProtocolEra()).toBe(way);
    expect((await client.callTool(ASKING)).content).toEqual([{ type: 'text', text: 'Hello, Alice!' }]);
  });

  it('refuses a handshake when it is modern only', async () => {
    await expect(connectV2('modern', 'legacy')).rejects.toThrow(/[Uu]nsupported protocol version/);
  });

  it('tells the name of a question to a client with a handshake', async () => {
    const client = new ClientV1({ name: 'test', version: '1' }, { capabilities: { elicitation: {} } });
    const names: unknown[] = [];
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      names.push(params._meta?.[QUESTION_NAME]);
      return ACCEPTED;
    });
    await client.connect(new StdioClientTransportV1(program('legacy')));
    try {
      await client.callTool(ASKING);
    } finally {
      await client.close();
    }
    expect(names).toEqual(['user_name']);
  });

  it('changes its lists in truth when it says that they changed', async () => {
    await using connected = await connectV2('dual', 'legacy');
    const { client } = connected;
    const { promise: changed, resolve } = Promise.withResolvers<void>();
    client.setNotificationHandler('notifications/tools/list_changed', () => resolve());
    const before = (await client.listTools()).tools.map(({ name }) => name);
    await client.callTool({ name: 'test_trigger_tool_change', arguments: {} });
    await changed;
    const after = (await client.listTools()).tools.map(({ name }) => name);
    expect(after.filter((name) => !before.includes(name))).toEqual(['test_additional_tool']);
  });
});
