import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { openFoundation, startGateway } from '@smcp/gateway';

/** A gateway with the accounting server behind it, as a client sees it at one of its doors. */
export interface Stage extends AsyncDisposable {
  /** Definitions as `tools/list` gives them. */
  tools(): Promise<readonly { readonly name: string }[]>;
  /** Makes a call; gives what a model reads of its result, and how long it took. */
  call(
    name: string,
    args: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly text: string; readonly isError: boolean; readonly ms: number }>;
}

const SERVER = join(import.meta.dirname, '..', 'accounting', 'server.ts');

/** @param door Path of the door, such as `/mcp/accounting` or `/code`. */
export async function openStage(door: string): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'smcp-tokens-'));
  stack.defer(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  const key = `smcp_key_${randomBytes(32).toString('base64url')}`;
  const file = join(folder, 'smcp.json');
  const config = {
    listen: '127.0.0.1:0',
    servers: {
      accounting: { command: process.execPath, args: [SERVER], description: 'The books of the company' },
    },
    api_keys: [{ name: 'bench', key, role: 'all' }],
    roles: { all: { allow: ['*:*'] } },
    code_mode: {},
    log: { level: 'error' },
  };
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  const foundation = stack.use(await openFoundation({ env: process.env, home: join(folder, 'state') }));
  const gateway = stack.use(await startGateway({ foundation, file, watch: false }));
  const client = new Client({ name: 'bench', version: '1.0.0' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(door, gateway.url), {
      requestInit: { headers: { authorization: `Bearer ${key}` } },
    }),
  );
  stack.defer(async () => {
    await client.close();
  });
  const opened = stack.move();
  return {
    tools: async () => (await client.listTools()).tools,
    call: async (name, args) => {
      const before = performance.now();
      const { content, isError } = await client.callTool({ name, arguments: { ...args } });
      const ms = performance.now() - before;
      const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
      return { text, isError: isError === true, ms };
    },
    [Symbol.asyncDispose]: async () => {
      await opened.disposeAsync();
    },
  };
}
