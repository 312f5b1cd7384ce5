import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { Principal } from '@smcp/policy';
import { sendJson, type HttpDoor } from '../http/http-door.ts';

type Problems = readonly { readonly part: string; readonly problem: string }[];

export interface AdminDoorDeps {
  /** What is wrong, by part; empty when the gateway can do its work. */
  readonly problems: () => Problems | Promise<Problems>;
  readonly metrics: () => Promise<string | undefined>;
  readonly authenticate: (
    request: IncomingMessage,
    response: ServerResponse,
  ) => Promise<Principal | undefined>;
}

/** Health and metrics. Health tells nobody anything but whether; metrics are for local peers and for holders of a credential. */
export class AdminDoor implements HttpDoor {
  readonly #deps: AdminDoorDeps;

  constructor(deps: AdminDoorDeps) {
    this.#deps = deps;
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
    if (path !== '/healthz' && path !== '/readyz' && path !== '/metrics') {
      return false;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendJson(response, 405, { error: 'Method not allowed' }, { allow: 'GET, HEAD' });
      return true;
    }
    if (path === '/healthz') {
      sendJson(response, 200, { status: 'ok' });
    } else if (path === '/readyz') {
      const problems = await this.#deps.problems();
      sendJson(response, problems.length === 0 ? 200 : 503, {
        status: problems.length === 0 ? 'ready' : 'not ready',
        problems,
      });
    } else if (isLocal(request) || (await this.#deps.authenticate(request, response)) !== undefined) {
      await this.#metrics(response);
    }
    return true;
  }

  async #metrics(response: ServerResponse): Promise<void> {
    const text = await this.#deps.metrics();
    if (text === undefined) {
      sendJson(response, 404, { error: 'Metrics are switched off' });
      return;
    }
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
  }
}

const PROXY_HEADERS = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'] as const;

function isLocal(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? '';
  // A proxy on this machine makes everybody look local.
  return (
    PROXY_HEADERS.every((name) => request.headers[name] === undefined) &&
    (address === '::1' || address.startsWith('127.') || mappedLoopback(address))
  );
}

function mappedLoopback(address: string): boolean {
  return address.startsWith('::ffff:127.') && isIP(address.slice('::ffff:'.length)) === 4;
}
