import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Headers that are about one connection, not about the message. */
const HOP_HEADERS: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding']);

export interface HeaderProxy extends AsyncDisposable {
  /** Scheme, host and port that clients use instead of those of the target. */
  readonly origin: string;
  /** Says where requests go from now on; before, they are answered 502. */
  forwardTo(origin: string): void;
}

/**
 * Adds headers to every request, for a client that cannot: the official runner has no option for them. Everything else passes as it is, byte by byte
 * as it comes: `Host`, the case and order of headers, event streams. When one side goes away, so does the other.
 */
export async function startHeaderProxy(added: Readonly<Record<string, string>>): Promise<HeaderProxy> {
  const agent = new Agent({ keepAlive: true });
  let target: URL | undefined;
  const server = createServer((incoming, response) => {
    if (target === undefined) {
      response.writeHead(502).end();
    } else {
      forward(incoming, response, target, agent, Object.entries(added).flat());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forwardTo: (origin) => {
      target = new URL(origin);
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  target: URL,
  agent: Agent,
  added: readonly string[],
): void {
  const outgoing = request({
    agent,
    host: target.hostname,
    port: target.port,
    method: incoming.method,
    path: incoming.url,
    headers: [...withoutHopHeaders(incoming.rawHeaders), ...added],
    setHost: false,
  });
  outgoing.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, withoutHopHeaders(answer.rawHeaders));
    response.flushHeaders();
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  outgoing.on('error', () => {
    if (response.headersSent) {
      response.destroy();
    } else {
      response.writeHead(502).end();
    }
  });
  response.on('close', () => {
    if (!response.writableFinished) {
      outgoing.destroy();
    }
  });
  incoming.on('error', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

function withoutHopHeaders(raw: readonly string[]): string[] {
  return raw.filter((_, at) => !HOP_HEADERS.has((raw[at - (at % 2)] ?? '').toLowerCase()));
}
