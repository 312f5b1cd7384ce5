import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromJsonSchema, McpServer } from '@modelcontextprotocol/server';

interface Arguments {
  readonly tag: string;
  readonly delayMs: number;
}

const inputSchema = fromJsonSchema<Arguments>({
  type: 'object',
  properties: { tag: { type: 'string' }, delayMs: { type: 'number', minimum: 0 } },
  required: ['tag', 'delayMs'],
});

/** A server with one tool, `count`, which writes its tag to a file before it answers: what it carried out is known even when it is killed. */
export function createCounting(file: string): McpServer {
  const mcp = new McpServer({ name: 'counting', version: '1.0.0' });
  mcp.registerTool('count', { description: 'Counts one call', inputSchema }, async ({ tag, delayMs }) => {
    appendFileSync(file, `${tag}\n`);
    await sleep(delayMs);
    return { content: [{ type: 'text', text: tag }] };
  });
  return mcp;
}
