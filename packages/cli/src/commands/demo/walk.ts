import { callTool, withClient, type Headers } from './demo-client.ts';
import type { Sample } from './sample.ts';
import { refused, shows, type Step } from './step.ts';

/** Uses the gateway at `url` as its clients do, one thing after the other. */
export async function walk(url: string, sample: Sample): Promise<readonly Step[]> {
  const alice = { authorization: `Bearer ${sample.key}` };
  const agent = { authorization: `Bearer ${sample.agentToken}`, 'x-smcp-code-hash': sample.codeHash };
  const changedAgent = { ...agent, 'x-smcp-code-hash': `sha256:${'0'.repeat(64)}` };
  const expired = { authorization: `Bearer ${sample.expiredKey}` };
  const asAlice = { who: 'key alice' };
  const asAgent = { who: 'agent summariser' };
  const note = { path: `${sample.filesFolder}/notes.txt` };
  const newFile = { path: `${sample.filesFolder}/new.txt`, content: 'x' };
  return [
    await shows(
      { title: 'List tools', ...asAlice, call: 'tools/list' },
      async () => await listTools(url, alice),
    ),
    await shows({ title: 'Allowed call', ...asAlice, call: 'everything_echo' }, async () => {
      const text = await callTool(url, alice, 'everything_echo', { message: 'Hello through the gate' });
      return [text, text.includes('Hello through the gate')];
    }),
    await shows({ title: 'Allowed call', ...asAgent, call: 'files_read_text_file' }, async () => {
      const text = await callTool(url, agent, 'files_read_text_file', note);
      return [text, text.includes('Release on Friday')];
    }),
    await refused(
      { title: 'Denied by role', ...asAlice, call: 'files_write_file', denied: 'files:write_file' },
      'Unknown tool: files_write_file',
      async () => await callTool(url, alice, 'files_write_file', newFile),
    ),
    await refused(
      { title: 'Denied by role', ...asAgent, call: 'files_search_files', denied: 'files:search_files' },
      'Unknown tool: files_search_files',
      async () =>
        await callTool(url, agent, 'files_search_files', { path: sample.filesFolder, pattern: 'x' }),
    ),
    await shows({ title: 'Injected credential', ...asAlice, call: 'everything_get-env' }, async () => {
      const text = await callTool(url, alice, 'everything_get-env', {});
      const injected = text.includes(`"WEATHER_API_KEY": "${sample.credential}"`);
      const leaked = text.includes(sample.key);
      const seen = injected ? `WEATHER_API_KEY=${sample.credential.slice(0, 7)}…` : 'no credential';
      return [
        `the server saw ${seen} and ${leaked ? 'the caller’s key too' : 'nothing of the caller’s key'}`,
        injected && !leaked,
      ];
    }),
    await refused(
      { title: 'Expired key', who: 'key old-laptop', call: 'initialize' },
      'The credential is not valid',
      async () => await callTool(url, expired, 'everything_echo', { message: 'x' }),
    ),
    await refused(
      { title: 'Changed agent code', ...asAgent, call: 'initialize' },
      'The code hash is missing or not the registered one',
      async () => await callTool(url, changedAgent, 'files_list_allowed_directories', {}),
    ),
  ];
}

async function listTools(url: string, headers: Headers): Promise<readonly [string, boolean]> {
  const { tools } = await withClient(`${url}/mcp`, headers, async (client) => await client.listTools());
  const hidden = tools.every(({ name }) => name !== 'files_write_file');
  return [
    `${tools.length} tools of three servers; what the role denies is not among them`,
    tools.length > 0 && hidden,
  ];
}
