import { setTimeout as sleep } from 'node:timers/promises';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { VENDOR, text } from '../texts.ts';
import type { World } from '../world.ts';

/** Tools that answer by themselves. */
export function addPlainTools(server: McpServer, world: World): void {
  server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text: said }) => text(said));
  server.registerTool(
    'add',
    { inputSchema: { a: z.number(), b: z.number() }, outputSchema: { sum: z.number() } },
    ({ a, b }) => ({ ...text(String(a + b)), structuredContent: { sum: a + b } }),
  );
  server.registerTool('fail', {}, () => ({ ...text('it failed'), isError: true }));
  server.registerTool('pid', {}, () => text(String(process.pid)));
  server.registerTool(
    'count',
    { inputSchema: { tag: z.string(), delayMs: z.number().default(0) } },
    async ({ tag, delayMs }) => {
      world.executed(tag);
      await sleep(delayMs);
      return text(`counted ${tag}`);
    },
  );
  server.registerTool('reflect_meta', {}, ({ _meta }) => ({
    ...text(JSON.stringify(_meta ?? {})),
    _meta: { 'example.com/back': 'green' },
  }));
  server.registerTool('vendor', { _meta: { 'example.com/cost': 3 } }, () => ({
    content: [{ type: 'text', text: 'sold', _meta: { 'example.com/block': VENDOR } }],
    'x-vendor': VENDOR,
  }));
}
