import { setTimeout as sleep } from 'node:timers/promises';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SetLevelRequestSchema, type LoggingLevel } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { text } from '../texts.ts';
import type { World } from '../world.ts';

const ORDER: readonly LoggingLevel[] = ['debug', 'info', 'notice', 'warning', 'error'];

/** Tools that say something before they answer, and one that waits to be cancelled. */
export function addStreamingTools(mcp: McpServer, world: World): void {
  let level: LoggingLevel = 'debug';
  mcp.server.setRequestHandler(SetLevelRequestSchema, ({ params }) => {
    level = params.level;
    return {};
  });

  mcp.registerTool('report_progress', {}, async ({ _meta, sendNotification }) => {
    const progressToken = _meta?.progressToken;
    if (progressToken !== undefined) {
      for (const progress of [1, 2, 3]) {
        await sendNotification({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 3, message: `step ${progress}` },
        });
        await sleep(20);
      }
    }
    return text('done');
  });
  mcp.registerTool('log_lines', {}, async ({ sendNotification }) => {
    for (const said of ['debug', 'info', 'warning'] as const) {
      if (ORDER.indexOf(said) >= ORDER.indexOf(level)) {
        const params = { level: said, logger: 'eras', data: { line: said } };
        await sendNotification({ method: 'notifications/message', params });
      }
    }
    return text('logged');
  });
  mcp.registerTool('wait', { inputSchema: { id: z.string() } }, async ({ id }, { signal }) => {
    world.executed(`wait ${id}`);
    signal.addEventListener('abort', () => world.cancelled.add(id));
    await sleep(20_000, undefined, { signal, ref: false }).catch(() => undefined);
    return text(signal.aborted ? 'cancelled' : 'waited');
  });
  mcp.registerTool('was_cancelled', { inputSchema: { id: z.string() } }, ({ id }) =>
    text(String(world.cancelled.has(id))),
  );
}
