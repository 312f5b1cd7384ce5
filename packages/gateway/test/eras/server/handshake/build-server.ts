import { InMemoryTaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SERVER_NAME } from '../texts.ts';
import type { World } from '../world.ts';
import { addChangingEntries } from './changing-entries.ts';
import { addListings } from './listings.ts';
import { addPlainTools } from './plain-tools.ts';
import { addQuestions } from './questions.ts';
import { addStreamingTools } from './streaming-tools.ts';
import { addTaskTools } from './task-tools.ts';

/** One session of a server that speaks the handshake era only. */
export function buildHandshakeServer(world: World): McpServer {
  const server = new McpServer(
    { name: SERVER_NAME, version: '1' },
    {
      capabilities: {
        logging: {},
        completions: {},
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
      },
      taskStore: new InMemoryTaskStore(),
    },
  );
  addPlainTools(server, world);
  addQuestions(server);
  addStreamingTools(server, world);
  addListings(server, world);
  addChangingEntries(server, world);
  addTaskTools(server);
  return server;
}
