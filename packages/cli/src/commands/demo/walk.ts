import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Sample } from './sample.ts';

/** One step of the walk: what was tried, what was expected, and what happened. */
export interface Step {
  readonly title: string;
  readonly who: string;
  readonly call: string;
  readonly result: string;
  /** Whether it went as it should. */
  readonly ok: boolean;
}

/** Headers of one caller. */
type Headers = Readonly<Record<string, string>>;

const MAX_RESULT_CHARS = 400;

/** Uses the gateway at `url` as its clients do, one thing after the other. */
export async function walk(url: string, sample: Sample): Promise<readonly Step[]> {
  const alice = { authorization: `Bearer ${sample.key}` };
  const agent = { authorization: `Bearer ${sample.agentToken}`, 'x-smcp-code-hash': sample.codeHash };
  const changedAgent = { ...agent, 'x-smcp-code-hash': `sha256:${'0'.repeat(64)}` };
  const expired = { authorization: `Bearer ${sample.expiredKey}` };
  const masked = sample.credential.slice(0, 7);
  return [
    await tools(url, alice),
    await step('Allowed call', 'key alice', 'everything_echo', async () => {
      const text = await callTool(url, alice, 'everything_echo', { message: 'Hello through the gate' });
      return [text, text.includes('Hello through the gate')];
    }),
    await step('Allowed call', 'agent summariser', 'files_read_text_file notes.txt', async () => {
      const text = await callTool(url, agent, 'files_read_text_file', {
        path: `${sample.filesFolder}/notes.txt`,
      });
      return [text, text.includes('Release on Friday')];
    }),
    await refused(
      'Denied by role',
      'key alice',
      'files_write_file',
      async () =>
        await callTool(url, alice, 'files_write_file', { path: `${sample.filesFolder}/x`, content: 'x' }),
    ),
    await refused(
      'Denied by role',
      'agent summariser',
      'memory_read_graph',
      async () => await callTool(url, agent, 'memory_read_graph', {}),
    ),
    await step('Injected credential', 'key alice', 'everything_get-env', async () => {
      const text = await callTool(url, alice, 'everything_get-env', {});
      const seen = (JSON.parse(text) as Record<string, string>)['WEATHER_API_KEY'] ?? '';
      const caller = text.includes(sample.key) ? 'the caller’s key too!' : 'nothing of the caller’s key';
      return [
        `upstream saw WEATHER_API_KEY=${seen.slice(0, masked.length)}… and ${caller}`,
        seen === sample.credential && !text.includes(sample.key),
      ];
    }),
    await refused(
      'Expired key',
      'key old-laptop',
      'initialize',
      async () => await callTool(url, expired, 'everything_echo', { message: 'x' }),
    ),
    await refused(
      'Changed agent code',
      'agent summariser',
      'initialize',
      async () => await callTool(url, changedAgent, 'files_list_allowed_directories', {}),
    ),
  ];
}

async function tools(url: string, headers: Headers): Promise<Step> {
  return await step('List tools', 'key alice', 'tools/list', async () => {
    const listed = await withClient(url, headers, async (client) => (await client.listTools()).tools);
    const hidden = listed.every(({ name }) => name !== 'files_write_file');
    return [
      `${listed.length} tools of three servers; what the role denies is not among them`,
      listed.length > 0 && hidden,
    ];
  });
}

async function step(
  title: string,
  who: string,
  call: string,
  run: () => Promise<readonly [string, boolean]>,
): Promise<Step> {
  try {
    const [result, ok] = await run();
    return { title, who, call, result: result.slice(0, MAX_RESULT_CHARS), ok };
  } catch (error) {
    return {
      title,
      who,
      call,
      result: `failed: ${(error as Error).message}`.slice(0, MAX_RESULT_CHARS),
      ok: false,
    };
  }
}

async function refused(title: string, who: string, call: string, run: () => Promise<string>): Promise<Step> {
  try {
    const result = await run();
    return { title, who, call, result: `went through: ${result}`.slice(0, MAX_RESULT_CHARS), ok: false };
  } catch (error) {
    return {
      title,
      who,
      call,
      result: `refused: ${(error as Error).message}`.slice(0, MAX_RESULT_CHARS),
      ok: true,
    };
  }
}

async function callTool(
  url: string,
  headers: Headers,
  name: string,
  args: Record<string, unknown>,
): Promise<string> {
  return await withClient(url, headers, async (client) => {
    const { content } = await client.callTool({ name, arguments: args });
    return content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n');
  });
}

async function withClient<T>(url: string, headers: Headers, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ name: 'smcp-demo', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } });
  await client.connect(transport);
  try {
    return await use(client);
  } finally {
    await transport.terminateSession();
    await client.close();
  }
}
