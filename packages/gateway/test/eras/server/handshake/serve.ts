import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { World } from '../world.ts';
import { buildHandshakeServer } from './build-server.ts';

export async function serveHandshakeStdio(world: World): Promise<void> {
  await buildHandshakeServer(world).connect(new StdioServerTransport());
}

/** Streamable HTTP with sessions; unknown sessions get a 404. */
export function handshakeHttp(world: World): RequestListener {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => {
        sessions.set(id, transport);
      },
    });
    await buildHandshakeServer(world).connect(transport);
    return transport;
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const id = request.headers['mcp-session-id'];
    if (id === undefined) {
      await (await open()).handleRequest(request, response);
      return;
    }
    const transport = sessions.get(String(id));
    if (transport === undefined) response.writeHead(404).end();
    else await transport.handleRequest(request, response);
  };
  return (request, response) => void handle(request, response);
}

/** The older HTTP+SSE: a stream at `/sse`, messages to the address that it names. */
export function handshakeSse(world: World): RequestListener {
  const sessions = new Map<string, SSEServerTransport>();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'GET') {
      const transport = new SSEServerTransport('/messages', response);
      sessions.set(transport.sessionId, transport);
      response.on('close', () => sessions.delete(transport.sessionId));
      await buildHandshakeServer(world).connect(transport);
      return;
    }
    const transport = sessions.get(url.searchParams.get('sessionId') ?? '');
    if (url.pathname !== '/messages' || transport === undefined) response.writeHead(404).end();
    else await transport.handlePostMessage(request, response);
  };
  return (request, response) => void handle(request, response);
}
