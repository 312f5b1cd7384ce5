import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

type Message = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const SMCP = join(ROOT, 'packages', 'cli', 'bin', 'smcp.js');
const ECHO = join(ROOT, 'bench', 'upstreams', 'echo-stdio.mjs');
const INSPECTOR = join(ROOT, 'node_modules', '.bin', 'mcp-inspector');
const server = { command: process.execPath, args: [ECHO] };
const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

/** One server in the true format of each client, by the file that it stands in. */
const HOME: Readonly<Record<string, string>> = {
  '.claude.json': json({ mcpServers: { claudeCode: { type: 'stdio', ...server } } }),
  '.config/Claude/claude_desktop_config.json': json({ mcpServers: { claudeDesktop: server } }),
  '.cursor/mcp.json': json({ mcpServers: { cursor: server } }),
  '.config/Code/User/mcp.json': `// comments are allowed here\n${json({ servers: { vscode: { type: 'stdio', ...server } } })}`,
  '.codeium/windsurf/mcp_config.json': json({ mcpServers: { windsurf: server } }),
  '.codex/config.toml': `[mcp_servers.codex]\ncommand = ${JSON.stringify(server.command)}\nargs = ${JSON.stringify(server.args)}\n`,
  '.gemini/settings.json': json({ mcpServers: { gemini: server } }),
  '.config/opencode/opencode.json': json({
    mcp: { opencode: { type: 'local', command: [server.command, ECHO] } },
  }),
  '.config/zed/settings.json': json({ context_servers: { zed: { source: 'custom', ...server } } }),
  '.config/mcp/servers/standard.json': json({ mcpServers: { standard: server } }),
  'MCPs/itself.json': json({ mcpServers: { itself: { command: 'smcp', args: ['stdio'] } } }),
};
const NAMES = [
  'claudeCode',
  'claudeDesktop',
  'cursor',
  'vscode',
  'windsurf',
  'codex',
  'gemini',
  'opencode',
  'zed',
  'standard',
];

let home: string;
let work: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'smcp-stdio-home-'));
  work = join(home, 'work');
  await mkdir(work);
  for (const [file, text] of Object.entries(HOME)) {
    await mkdir(dirname(join(home, file)), { recursive: true });
    await writeFile(join(home, file), text);
  }
});

afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  await rm(home, { recursive: true, force: true });
});

/** `smcp stdio` as a client starts it. */
class Client {
  readonly #seen: Message[] = [];
  #wake: () => void = () => undefined;
  said = '';

  constructor() {
    child = spawn(process.execPath, [SMCP, 'stdio'], {
      cwd: work,
      env: { PATH: process.env['PATH'], HOME: home },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stderr?.on('data', (chunk) => {
      this.said += String(chunk);
    });
    createInterface({ input: child.stdout! }).on('line', (line) => {
      this.#seen.push(JSON.parse(line));
      this.#wake();
    });
  }

  send(message: object): void {
    child?.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  async request(id: number, method: string, params: object): Promise<Message> {
    this.send({ id, method, params });
    for (;;) {
      const found = this.#seen.find((message) => message['id'] === id && message['method'] === undefined);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async run(id: number, code: string): Promise<Message> {
    return (await this.request(id, 'tools/call', { name: 'smcp_execute', arguments: { code } }))['result'];
  }
}

describe('smcp stdio with nothing configured of its own', () => {
  it('finds one server of each client once, leaves itself out, and reaches them all [S3-05] [S3-06] [S3-39]', async () => {
    const client = new Client();
    const clientInfo = { name: 'test', version: '1' };
    await client.request(1, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
    client.send({ method: 'notifications/initialized' });
    const { tools } = (await client.request(2, 'tools/list', {}))['result'];
    expect(tools.map(({ name }: Message) => name)).toEqual(['smcp_execute']);
    const found = (await client.run(3, 'return [...discoveredServers()].sort()'))['structuredContent'].result;
    expect(found).toEqual([...NAMES].sort(byText));
    const code = `return await Promise.all(discoveredServers().map((name) => call(name, 'echo', { message: name })))`;
    const echoes = (await client.run(4, code))['structuredContent'].result;
    expect([...echoes].sort(byText)).toEqual(NAMES.map((name) => `Echo: ${name}`).sort(byText));
    for (const name of NAMES) expect(client.said).toContain(name);
    expect(client.said).toContain('it is this program');
  });

  it('ends with its client, and leaves no process and no folder behind [S3-17]', async () => {
    const client = new Client();
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const params = {
      name: 'smcp_execute',
      arguments: { code: "return await call('cursor', 'echo', { message: 'a' })" },
    };
    const answer = await client.request(1, 'tools/call', { ...params, _meta: meta });
    expect(answer['result'].structuredContent.result).toBe('Echo: a');
    const own = await descendants(child!.pid!);
    expect(own.length).toBeGreaterThan(1);
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child?.stdin?.end();
    expect(await ended).toBe(0);
    // What was ended has still to be reaped by the system.
    await expect.poll(() => own.filter(isRunning), { timeout: 10_000 }).toEqual([]);
  });

  it('takes a newcomer from nothing to a running script with two commands of the inspector', async () => {
    const listed = await inspect('--method', 'tools/list');
    expect(JSON.parse(listed).tools).toHaveLength(1);
    const code = "code=return await zed.echo({ message: 'hello' })";
    const ran = await inspect('--method', 'tools/call', '--tool-name', 'smcp_execute', '--tool-arg', code);
    expect(JSON.parse(ran).structuredContent.result).toBe('Echo: hello');
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function byText(one: string, other: string): number {
  return one < other ? -1 : 1;
}

/** What the inspector prints as its result, without what the server says beside. */
async function inspect(...args: string[]): Promise<string> {
  const tool = spawn(INSPECTOR, ['--cli', process.execPath, SMCP, 'stdio', ...args], {
    cwd: work,
    env: { PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  tool.stdout.on('data', (chunk) => {
    printed += String(chunk);
  });
  await new Promise((resolve) => tool.once('close', resolve));
  return printed.slice(printed.indexOf('{'));
}

async function descendants(pid: number): Promise<readonly number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const own = children
    .trim()
    .split(' ')
    .filter((text) => text !== '')
    .map(Number);
  return [...own, ...(await Promise.all(own.map(descendants))).flat()];
}
