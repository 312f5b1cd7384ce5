import { setTimeout as sleep } from 'node:timers/promises';
import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { text } from '../texts.ts';
import type { World } from '../world.ts';

/** Tools that say something before they answer, and one that waits to be cancelled. */
export function addStreamingTools(server: McpServer, world: World): void {
  server.registerTool('report_progress', {}, async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    if (progressToken !== undefined) {
      for (const progress of [1, 2, 3]) {
        await mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 3, message: `step ${progress}` },
        });
        await sleep(20);
      }
    }
    return text('done');
  });
  server.registerTool('log_lines', {}, async ({ mcpReq }) => {
    for (const said of ['debug', 'info', 'warning'] as const) {
      await mcpReq.log(said, { line: said }, 'eras');
    }
    return text('logged');
  });
  server.registerTool('wait', { inputSchema: z.object({ id: z.string() }) }, async ({ id }, { mcpReq }) => {
    const { signal } = mcpReq;
    world.executed(`wait ${id}`);
    signal.addEventListener('abort', () => world.cancelled.add(id));
    await sleep(20_000, undefined, { signal, ref: false }).catch(() => undefined);
    return text(signal.aborted ? 'cancelled' : 'waited');
  });
  server.registerTool('was_cancelled', { inputSchema: z.object({ id: z.string() }) }, ({ id }) =>
    text(String(world.cancelled.has(id))),
  );
}
