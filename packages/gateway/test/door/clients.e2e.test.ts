import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceServer, startFixture, type GatewayFixture } from '../helpers/gateway-fixture.ts';

const KEY = 'smcp_key_0123456789012345678901234567890123456789012';
const run = promisify(execFile);
const INSPECTOR = fileURLToPath(new URL('../../../../node_modules/.bin/mcp-inspector', import.meta.url));

let fixture: GatewayFixture;
let notes: string;

beforeAll(async () => {
  const files = join((await import('node:os')).tmpdir(), `smcp-files-${process.pid}`);
  await mkdir(files, { recursive: true });
  notes = join(files, 'notes.txt');
  await writeFile(notes, 'remember the milk');
  fixture = await startFixture({
    servers: {
      everything: referenceServer('everything', 'stdio'),
      files: referenceServer('filesystem', files),
      memory: { ...referenceServer('memory'), env: { MEMORY_FILE_PATH: join(files, 'memory.jsonl') } },
    },
    api_keys: [{ name: 'alice', key: KEY, role: 'eng' }],
    roles: { eng: { allow: ['everything:*', 'files:*', 'memory:*'], deny: ['files:write_*'] } },
  });
});

afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

/** One call per server: endpoint, tool at `/mcp`, tool at its own endpoint, arguments, and what the answer must contain. */
const CALLS = [
  { server: 'everything', tool: 'echo', args: () => ({ message: 'hello there' }), expected: 'hello there' },
  { server: 'files', tool: 'read_text_file', args: () => ({ path: notes }), expected: 'remember the milk' },
  { server: 'memory', tool: 'read_graph', args: () => ({}), expected: 'entities' },
] as const;

interface AnyClient {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  close(): Promise<void>;
}

const GENERATIONS: readonly {
  readonly name: string;
  readonly connect: (path: string) => Promise<AnyClient>;
}[] = [
  {
    name: 'SDK 1.x',
    connect: async (path) => {
      const client = new ClientV1({ name: 'v1', version: '1' });
      const transport = new TransportV1(new URL(fixture.gateway.url + path), {
        requestInit: { headers: { authorization: `Bearer ${KEY}` } },
      });
      await client.connect(transport);
      return client;
    },
  },
  ...(
    [
      ['SDK 2.x', 'legacy', 'legacy'],
      ['SDK 2.x negotiating', 'auto', 'modern'],
      ['SDK 2.x held to 2026-07-28', { pin: '2026-07-28' }, 'modern'],
    ] as const
  ).map(([name, mode, era]) => ({
    name,
    connect: async (path: string) => {
      const client = new ClientV2({ name: 'v2', version: '1' }, { versionNegotiation: { mode } });
      const transport = new TransportV2(new URL(fixture.gateway.url + path), {
        requestInit: { headers: { authorization: `Bearer ${KEY}` } },
      });
      await client.connect(transport);
      if (client.getProtocolEra() !== era) throw new Error(`The client is ${client.getProtocolEra()}`);
      return client;
    },
  })),
];

describe.each(GENERATIONS)('$name', ({ connect }) => {
  it.each(CALLS)(
    'lists and calls $server at /mcp and at its own endpoint [S1-01] [S1-37] [S1-45] [S1-52]',
    async ({ server, tool, args, expected }) => {
      for (const [path, name] of [
        ['/mcp', `${server}_${tool}`],
        [`/mcp/${server}`, tool],
      ] as const) {
        const client = await connect(path);
        try {
          const { tools } = await client.listTools();
          expect(tools.map((listed) => listed.name)).toContain(name);
          expect(
            tools.map((listed) => listed.name).filter((listed) => listed.includes('write_file')),
          ).toEqual([]);
          expect(JSON.stringify(await client.callTool({ name, arguments: args() }))).toContain(expected);
        } finally {
          await client.close();
        }
      }
    },
  );
});

describe('configuration as clients keep it', () => {
  it.each([
    ['~/.claude.json [S1-27] [S1-40]', { type: 'http' }],
    ['.cursor/mcp.json [S1-41]', {}],
  ])('the entry of %s is all a client needs', async (_where, extra) => {
    const file = JSON.stringify({
      mcpServers: {
        files: {
          ...extra,
          url: `${fixture.gateway.url}/mcp/files`,
          headers: { Authorization: `Bearer ${KEY}` },
        },
      },
    });
    const { files: entry } = (
      JSON.parse(file) as { mcpServers: Record<string, { url: string; headers: Record<string, string> }> }
    ).mcpServers;
    const client = new ClientV1({ name: 'from-file', version: '1' });
    const transport = new TransportV1(new URL(entry?.url ?? ''), {
      requestInit: { headers: entry?.headers ?? {} },
    });
    await client.connect(transport);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('read_text_file');
    await client.close();
  });
});

describe('mcp-inspector --cli', () => {
  const inspect = async (path: string, ...args: string[]): Promise<string> => {
    const common = [
      '--cli',
      fixture.gateway.url + path,
      '--transport',
      'http',
      '--header',
      `Authorization: Bearer ${KEY}`,
    ];
    const { stdout } = await run(process.execPath, [INSPECTOR, ...common, ...args], { timeout: 60_000 });
    return stdout;
  };

  it.each(CALLS)(
    'lists and calls $server at both endpoints [S1-52]',
    async ({ server, tool, args, expected }) => {
      const given = Object.entries(args()).flatMap(([key, value]) => [
        '--tool-arg',
        `${key}=${String(value)}`,
      ]);
      for (const [path, name] of [
        ['/mcp', `${server}_${tool}`],
        [`/mcp/${server}`, tool],
      ] as const) {
        expect(await inspect(path, '--method', 'tools/list')).toContain(`"${name}"`);
        expect(await inspect(path, '--method', 'tools/call', '--tool-name', name, ...given)).toContain(
          expected,
        );
      }
    },
  );
});
