import { McpServer } from '@modelcontextprotocol/server';
import { TASKS_EXTENSION } from '@smcp/protocol';
import { SERVER_NAME } from '../texts.ts';
import type { Changing, World } from '../world.ts';
import { addChangingEntries } from './changing-entries.ts';
import { addListings } from './listings.ts';
import { addPlainTools } from './plain-tools.ts';
import { addQuestions } from './questions.ts';
import { addStreamingTools } from './streaming-tools.ts';
import { addTaskTools, type ModernTasks } from './task-tools.ts';

export interface ModernHost {
  readonly world: World;
  readonly tasks: ModernTasks;
  /** Tells those who listen; left out where the server itself can. */
  readonly announce?: { changed(what: Changing): void; updated(uri: string): void } | undefined;
}

/** What answers one request (HTTP) or one connection (stdio) of a server that speaks the modern era only. */
export function buildModernServer(host: ModernHost): McpServer {
  const server = new McpServer(
    { name: SERVER_NAME, version: '1' },
    {
      capabilities: {
        logging: {},
        completions: {},
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        extensions: { [TASKS_EXTENSION]: {} },
      },
    },
  );
  addPlainTools(server, host.world);
  addQuestions(server);
  addStreamingTools(server, host.world);
  addListings(server, host.world);
  addChangingEntries(server, host);
  addTaskTools(server, host.tasks);
  return server;
}
