import type { IncomingMessage, ServerResponse } from 'node:http';
import { RPC_ERRORS, type JsonObject } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { Config } from '../../config/schema.ts';
import type { Gate } from '../../gate/index.ts';
import type { Logger } from '../../telemetry/telemetry.ts';
import type { View } from '../../view/index.ts';
import { EventSink } from '../http/event-sink.ts';
import type { HttpDoor } from '../http/http-door.ts';
import { acceptedForms } from '../http/media-type.ts';
import { Answer } from './answer.ts';
import { ifEndpoint, serverOf, type Endpoint } from './endpoint.ts';
import type { Exchange } from './exchange.ts';
import { initialize } from './handshake.ts';
import { readMessage } from './incoming-message.ts';
import { refuse } from './refuse.ts';
import { runRequest, takeNotification } from './run-request.ts';
import { ifSession } from './session-header.ts';
import type { SessionStore } from './session-store.ts';

const NO_PARAMS: JsonObject = Object.freeze({});

export interface McpDoorDeps {
  readonly gate: Gate;
  readonly sessions: SessionStore;
  readonly config: () => Config;
  readonly view: (server: string | undefined) => View | undefined;
  /** Authenticates; on refusal it has answered the request and gives undefined. */
  readonly authenticate: (
    request: IncomingMessage,
    response: ServerResponse,
  ) => Promise<Principal | undefined>;
  readonly logger: Logger;
}

/**
 * MCP over streamable HTTP for clients with a handshake and sessions: POST for messages, GET for the stream of what the gateway says on its own,
 * DELETE to end the session.
 */
export class McpDoor implements HttpDoor {
  readonly #deps: McpDoorDeps;

  constructor(deps: McpDoorDeps) {
    this.#deps = deps;
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
    const place = ifEndpoint(path);
    if (place === undefined) {
      return false;
    }
    const exchange = await this.#admit(request, response, path, place);
    if (exchange === undefined) {
      return true;
    }
    switch (request.method) {
      case 'POST':
        await this.#post(exchange);
        break;
      case 'GET':
        this.#get(exchange);
        break;
      case 'DELETE':
        this.#delete(exchange);
        break;
      case undefined:
      default:
        refuse(response, 405, RPC_ERRORS.invalidRequest, 'Method not allowed', {
          allow: 'POST, GET, DELETE',
        });
    }
    return true;
  }

  /** Who asks, and what it sees; otherwise it has been refused. */
  async #admit(
    request: IncomingMessage,
    response: ServerResponse,
    endpoint: string,
    place: Endpoint,
  ): Promise<Exchange | undefined> {
    const principal = await this.#deps.authenticate(request, response);
    if (principal === undefined) {
      return undefined;
    }
    const view = this.#deps.view(serverOf(place));
    if (view?.isOpenTo(principal) !== true) {
      refuse(response, 404, RPC_ERRORS.invalidRequest, 'Unknown endpoint');
      return undefined;
    }
    return { request, response, principal, endpoint, place, view };
  }

  /** A body may take long to come: when anything changed meanwhile, what was found at its beginning no longer counts. */
  async #admitAgain(exchange: Exchange): Promise<Exchange | undefined> {
    const { request, response, principal, endpoint, place, view } = exchange;
    return this.#deps.view(serverOf(place)) === view && this.#deps.sessions.isCurrent(principal)
      ? exchange
      : await this.#admit(request, response, endpoint, place);
  }

  async #post(first: Exchange): Promise<void> {
    const { gate, sessions, config, logger } = this.#deps;
    const { http } = config();
    const incoming = await readMessage(first.request, first.response, http);
    if (incoming === undefined) {
      return;
    }
    const exchange = await this.#admitAgain(first);
    if (exchange === undefined) {
      return;
    }
    const { message, document, forms } = incoming;
    const answer = new Answer(exchange.response, forms, http.keep_alive_comment_seconds * 1000);
    if (message.kind === 'request' && message.method === 'initialize') {
      const { id, params = NO_PARAMS } = message;
      await initialize(sessions, exchange, { id, params }, answer);
      return;
    }
    const session = ifSession(sessions, exchange, message.kind === 'request' ? message.id : null);
    if (session === undefined) {
      return;
    }
    if (message.kind === 'request') {
      const { id, method, params = NO_PARAMS } = message;
      const showReasons = config().policy.show_reasons;
      const asked = { gate, session, id, method, params, document, answer, showReasons };
      await runRequest(exchange, asked, logger);
      return;
    }
    if (message.kind === 'notification') {
      takeNotification(session, message);
    }
    exchange.response.writeHead(202).end();
  }

  #get(exchange: Exchange): void {
    const { request, response } = exchange;
    if (!acceptedForms(request.headers.accept).stream) {
      refuse(response, 406, RPC_ERRORS.invalidRequest, 'Accept must name text/event-stream');
      return;
    }
    const session = ifSession(this.#deps.sessions, exchange, null);
    if (session === undefined) {
      return;
    }
    const sink = new EventSink(response, {}, this.#deps.config().http.keep_alive_comment_seconds * 1000);
    session.openStream(sink);
    response.once('close', () => {
      session.closeStream(sink);
    });
  }

  #delete(exchange: Exchange): void {
    const session = ifSession(this.#deps.sessions, exchange, null);
    if (session !== undefined) {
      this.#deps.sessions.end(session);
      exchange.response.writeHead(204).end();
    }
  }
}
