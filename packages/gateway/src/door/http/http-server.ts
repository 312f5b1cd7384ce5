import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Config } from '../../config/schema.ts';
import type { Logger } from '../../telemetry/telemetry.ts';
import type { EdgeRules } from './host-origin.ts';
import { sendJson, singleHeader, type HttpDoor } from './http-door.ts';

const CHECK_INTERVAL_MS = 1000;
const MAX_HEADERS = 100;
const PREFLIGHT_SECONDS = '600';

export interface HttpServerDeps {
  readonly config: () => Config;
  readonly edge: () => EdgeRules;
  readonly doors: readonly HttpDoor[];
  readonly logger: Logger;
}

/**
 * The HTTP server in front of all doors: bounds on headers and time, `Host` and `Origin` before anything else, then the first door that knows the
 * path. Header sizes and times are those of the configuration at start; a change of them needs a restart.
 */
export function createHttpServer(deps: HttpServerDeps): Server {
  const { http } = deps.config();
  const server = createServer(
    {
      maxHeaderSize: http.max_header_bytes,
      headersTimeout: http.header_timeout_seconds * 1000,
      requestTimeout: Math.max(http.body_timeout_seconds, http.header_timeout_seconds) * 1000,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      keepAliveTimeout: 65_000,
      insecureHTTPParser: false,
      requireHostHeader: true,
      noDelay: true,
    },
    (request, response) => {
      answer(deps, request, response).catch((error: unknown) => {
        deps.logger.error('request failed', {
          method: request.method ?? '',
          reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
        if (!response.headersSent) {
          sendJson(response, 500, { error: 'Internal error' }, { connection: 'close' });
        } else {
          response.destroy();
        }
      });
    },
  );
  server.maxHeadersCount = MAX_HEADERS;
  return server;
}

async function answer(
  deps: HttpServerDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const edge = deps.edge();
  // RFC 9112 section 3.2: exactly one Host; a web page must not reach us through a name of its own.
  if (!edge.isHostAllowed(singleHeader(request, 'host'))) {
    sendJson(
      response,
      403,
      { error: 'Host not allowed: add it to allowed_hosts or set public_url' },
      { connection: 'close' },
    );
    return;
  }
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  response.setHeader('x-content-type-options', 'nosniff');
  const open = deps.doors.find((door) => door.isForAnyOrigin?.(path) === true);
  if (open !== undefined && (await open.handle(request, response, path))) {
    return;
  }
  const { origin } = request.headers;
  if (!edge.isOriginAllowed(origin)) {
    sendJson(
      response,
      403,
      { error: 'Origin not allowed: add it to allowed_origins' },
      { connection: 'close' },
    );
    return;
  }
  response.setHeader('cache-control', 'no-store');
  if (origin !== undefined) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('vary', 'Origin');
    response.setHeader('access-control-expose-headers', 'Mcp-Session-Id, WWW-Authenticate, Retry-After');
    if (request.method === 'OPTIONS') {
      response.setHeader('access-control-allow-methods', 'GET, POST, DELETE');
      response.setHeader(
        'access-control-allow-headers',
        request.headers['access-control-request-headers'] ?? '',
      );
      response.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
      response.writeHead(204).end();
      return;
    }
  }
  for (const door of deps.doors) {
    if (await door.handle(request, response, path)) {
      return;
    }
  }
  sendJson(response, 404, { error: 'Not found' });
}
