import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import { declareTool } from '../../src/bindings/declare-tool.ts';
import { declareServer } from '../../src/bindings/declarations.ts';
import { GLOBAL_DECLARATIONS } from '../../src/bindings/globals.ts';
import { nameServers, nameTools } from '../../src/bindings/names.ts';
import type { ToolDefinition } from '../../src/tool-host.ts';
import { compile } from './compile.ts';

const { resolve } = createRequire(import.meta.url);

/** The tools that a server from npm lists, started as a user would. */
async function catalogueOf(name: string, ...args: readonly string[]): Promise<readonly ToolDefinition[]> {
  const index = join(
    dirname(resolve(`@modelcontextprotocol/server-${name}/package.json`)),
    'dist',
    'index.js',
  );
  const client = new Client({ name: 'bindings', version: '1' });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [index, ...args], stderr: 'ignore' }),
  );
  try {
    const { tools } = await client.listTools();
    return tools.map((tool) => JSON.parse(JSON.stringify(tool)) as ToolDefinition & JsonObject);
  } finally {
    await client.close();
  }
}

describe('declareServer()', () => {
  it('declareServer() declares the tools of the reference servers so that scripts compile against them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smcp-catalogue-'));
    const catalogues = await Promise.all([
      catalogueOf('everything'),
      catalogueOf('filesystem', folder),
      catalogueOf('memory'),
    ]);
    await rm(folder, { recursive: true, force: true });
    const servers = nameServers(['everything', 'filesystem', 'memory']);
    const files: Record<string, string> = { 'globals.d.ts': GLOBAL_DECLARATIONS };
    for (const [index, server] of servers.entries()) {
      const tools = nameTools(catalogues[index] ?? []);
      const declared = declareServer(server, tools, { maxDescriptionChars: 1000 });
      expect(declared.tools.length).toBeGreaterThan(5);
      files[`${server.alias}.d.ts`] = declared.text;
      for (const tool of tools) {
        expect(declareTool(server, tool, { maxDescriptionChars: 1000 })).toContain(
          `${server.alias}.${tool.alias}(`,
        );
      }
    }
    const script = `
await everything.echo({ message: 'hi' });
await everything.echo({ massage: 'hi' }); // refused
await everything.getSum({ a: 1, b: 2 });
await everything.getSum({ a: '1', b: 2 }); // refused
(await everything.getStructuredContent({ location: 'Chicago' })).temperature.toFixed(1);
(await everything.getStructuredContent({ location: 'Chicago' })).temprature; // refused
await everything.getStructuredContent({ location: 'Paris' }); // refused
const text: string = (await filesystem.readTextFile({ path: '/a', head: 3 })).content;
await filesystem.read_text_file({ path: 1 }); // refused
await filesystem.editFile({ path: '/a', edits: [{ oldText: 'a', newText: 'b' }], dryRun: true });
await filesystem.editFile({ path: '/a', edits: [{ oldText: 'a' }] }); // refused
await filesystem.listAllowedDirectories();
await mcp_memory.create_entities({ entities: [{ name: 'a', entityType: 'b', observations: ['c'] }] });
await memory.createEntities({ entities: [{ name: 'a' }] }); // refused
(await memory.readGraph()).entities.map((entity) => entity.observations.length);
await call('memory', 'search_nodes', { query: 'a' }).then((graph) => graph.relations[0]!.relationType);
await call('memory', 'search_nodes', { querry: 'a' }); // refused
export {};
`;
    const errors = await compile({ ...files, 'script.ts': script });
    const wanted = script
      .split('\n')
      .flatMap((line, index) => (line.endsWith('// refused') ? [index + 1] : []));
    expect(errors.filter(({ file }) => file !== 'script.ts')).toEqual([]);
    expect(errors.map(({ line }) => line)).toEqual(wanted);
  });
});
