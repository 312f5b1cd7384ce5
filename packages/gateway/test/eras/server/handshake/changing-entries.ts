import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { COUNTER_URI, text } from '../texts.ts';
import { CHANGING, toggle, type World } from '../world.ts';

/** An extra entry in each list that comes and goes, and a resource that changes. */
export function addChangingEntries(mcp: McpServer, world: World): void {
  const subscribed = new Set<string>();
  mcp.server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    subscribed.add(params.uri);
    return {};
  });
  mcp.server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    subscribed.delete(params.uri);
    return {};
  });

  const extra = {
    tools: mcp.registerTool('extra_tool', {}, () => text('extra')),
    prompts: mcp.registerPrompt('extra_prompt', {}, () => ({ messages: [] })),
    resources: mcp.registerResource('extra_resource', 'era://extra', {}, () => ({ contents: [] })),
  };
  for (const what of CHANGING) if (!world.extended.has(what)) extra[what].disable();

  mcp.registerTool('change', { inputSchema: { what: z.enum(CHANGING) } }, ({ what }) => {
    if (toggle(world, what)) extra[what].enable();
    else extra[what].disable();
    return text(`changed ${what}`);
  });
  mcp.registerTool('touch', {}, async () => {
    world.counter += 1;
    if (subscribed.has(COUNTER_URI)) await mcp.server.sendResourceUpdated({ uri: COUNTER_URI });
    return text(String(world.counter));
  });
}
