import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { COUNTER_URI, text } from '../texts.ts';
import { CHANGING, toggle } from '../world.ts';
import type { ModernHost } from './build-server.ts';

/** An extra entry in each list that comes and goes, and a resource that changes. */
export function addChangingEntries(mcp: McpServer, { world, announce }: ModernHost): void {
  const extra = {
    tools: mcp.registerTool('extra_tool', {}, () => text('extra')),
    prompts: mcp.registerPrompt('extra_prompt', {}, () => ({ messages: [] })),
    resources: mcp.registerResource('extra_resource', 'era://extra', {}, () => ({ contents: [] })),
  };
  for (const what of CHANGING) if (!world.extended.has(what)) extra[what].disable();

  mcp.registerTool('change', { inputSchema: z.object({ what: z.enum(CHANGING) }) }, ({ what }) => {
    const shown = toggle(world, what);
    if (announce !== undefined) announce.changed(what);
    else if (shown) extra[what].enable();
    else extra[what].disable();
    return text(`changed ${what}`);
  });
  mcp.registerTool('touch', {}, async () => {
    world.counter += 1;
    if (announce === undefined) await mcp.server.sendResourceUpdated({ uri: COUNTER_URI });
    else announce.updated(COUNTER_URI);
    return text(String(world.counter));
  });
}
