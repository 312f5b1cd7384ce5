import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson, type HttpDoor } from '../http/http-door.ts';
import type { ResourceServer } from './resource-server.ts';

const MAX_AGE_SECONDS = 300;

// The document is the same for everybody, so any page may read it.
const ANY_ORIGIN = { 'access-control-allow-origin': '*' } as const;

/** Tells clients where to get a token: RFC 9728, for the gateway and for each of its endpoints. Answers without a login. */
export class MetadataDoor implements HttpDoor {
  readonly #resourceServer: ResourceServer;

  constructor(resourceServer: ResourceServer) {
    this.#resourceServer = resourceServer;
  }

  isForAnyOrigin(path: string): boolean {
    return this.#resourceServer.metadataAt(path) !== undefined;
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
    const metadata = this.#resourceServer.metadataAt(path);
    if (metadata === undefined) {
      return false;
    }
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        sendJson(response, 200, metadata, {
          ...ANY_ORIGIN,
          'cache-control': `public, max-age=${MAX_AGE_SECONDS}`,
        });
        break;
      case 'OPTIONS':
        response
          .writeHead(204, {
            ...ANY_ORIGIN,
            'access-control-allow-methods': 'GET, HEAD',
            'access-control-allow-headers': '*',
            'access-control-max-age': String(MAX_AGE_SECONDS),
          })
          .end();
        break;
      case undefined:
      default:
        sendJson(response, 405, { error: 'Method not allowed' }, { allow: 'GET, HEAD, OPTIONS' });
    }
    return true;
  }
}
