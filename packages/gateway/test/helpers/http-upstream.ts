import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as McpServer } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

export interface HttpUpstream extends AsyncDisposable {
  readonly url: string;
  /** Headers of every request that arrived. */
  readonly seen: IncomingHttpHeaders[];
  /** Tools that were really executed. */
  readonly executed: string[];
}

/**
 * A real MCP server over HTTP, written with the official SDK: every tool answers with its own name.
 *
 * @param properties Of the arguments of tools, by the name of the tool.
 */
export async function startHttpUpstream(
  tools: readonly string[],
  properties: Readonly<Record<string, Record<string, object>>> = {},
): Promise<HttpUpstream> {
  const seen: IncomingHttpHeaders[] = [];
  const executed: string[] = [];
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => {
        transports.set(id, transport);
      },
    });
    const server = new McpServer({ name: 'upstream', version: '1' }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: tools.map((name) => ({
        name,
        inputSchema: { type: 'object' as const, properties: properties[name] ?? {} },
      })),
    }));
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
      executed.push(params.name);
      return { content: [{ type: 'text' as const, text: `${params.name} done` }] };
    });
    await server.connect(transport);
    return transport;
  };
  const http: Server = createServer((request, response) => {
    seen.push(request.headers);
    void (async () => {
      const id = request.headers['mcp-session-id'];
      const transport =
        (typeof id === 'string' ? transports.get(id) : undefined) ??
        (id === undefined ? await open() : undefined);
      if (transport === undefined) {
        response.writeHead(404).end();
      } else {
        await transport.handleRequest(request, response);
      }
    })();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    seen,
    executed,
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
