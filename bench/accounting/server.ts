import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { Books } from './books.ts';
import { TOOLS } from './tools.ts';

/** An accounting system as an MCP server over standard input and output: twenty tools over made-up books, which begin anew with each process. */
const books = new Books();

function create(): McpServer {
  const server = new McpServer({ name: 'accounting', version: '1.0.0' });
  for (const { name, description, input, readOnly, run } of TOOLS) {
    server.registerTool(
      name,
      { description, inputSchema: input, annotations: { readOnlyHint: readOnly } },
      async (args: unknown) => {
        try {
          const result = run(books, args as never) as Record<string, unknown>;
          return { content: [{ type: 'text', text: JSON.stringify(result) }], structuredContent: result };
        } catch (error) {
          return { content: [{ type: 'text', text: (error as Error).message }], isError: true };
        }
      },
    );
  }
  // For the benchmark, which compares what two ways of working have changed.
  server.registerTool(
    'export_changes',
    { description: 'Export everything that can change, as JSON.', annotations: { readOnlyHint: true } },
    async () => ({
      content: [{ type: 'text', text: JSON.stringify(books.changes()) }],
    }),
  );
  return server;
}

serveStdio(() => create());
