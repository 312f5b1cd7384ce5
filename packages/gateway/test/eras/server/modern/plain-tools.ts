import { setTimeout as sleep } from 'node:timers/promises';
import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { VENDOR, text } from '../texts.ts';
import type { World } from '../world.ts';

/** Tools that answer by themselves. */
export function addPlainTools(server: McpServer, world: World): void {
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text: said }) =>
    text(said),
  );
  server.registerTool(
    'add',
    {
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      outputSchema: z.object({ sum: z.number() }),
    },
    ({ a, b }) => ({ ...text(String(a + b)), structuredContent: { sum: a + b } }),
  );
  server.registerTool('fail', {}, () => ({ ...text('it failed'), isError: true }));
  server.registerTool('pid', {}, () => text(String(process.pid)));
  server.registerTool(
    'count',
    { inputSchema: z.object({ tag: z.string(), delayMs: z.number().default(0) }) },
    async ({ tag, delayMs }) => {
      world.executed(tag);
      await sleep(delayMs);
      return text(`counted ${tag}`);
    },
  );
  server.registerTool('reflect_meta', {}, ({ mcpReq }) => ({
    ...text(JSON.stringify(mcpReq._meta ?? {})),
    _meta: { 'example.com/back': 'green' },
  }));
  server.registerTool('vendor', { _meta: { 'example.com/cost': 3 } }, () => ({
    content: [{ type: 'text', text: 'sold', _meta: { 'example.com/block': VENDOR } }],
    'x-vendor': VENDOR,
  }));
}
