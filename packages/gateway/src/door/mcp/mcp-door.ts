import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  classifyMessage,
  JsonError,
  readJson,
  RPC_ERRORS,
  type JsonDocument,
  type JsonObject,
  type RequestId,
} from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { Config } from '../../config/schema.ts';
import { isCallerCredential } from '../../credential/index.ts';
import type { Caller, Gate } from '../../gate/index.ts';
import type { Logger } from '../../telemetry/telemetry.ts';
import { HANDSHAKE_VERSIONS, isHandshakeVersion, UpstreamError } from '../../upstream/index.ts';
import type { View } from '../../view/index.ts';
import { EventSink } from '../http/event-sink.ts';
import { reasonOf } from '../../lib/reason-of.ts';
import { sendJson, singleHeader, type HttpDoor } from '../http/http-door.ts';
import { acceptedForms, isJsonContent } from '../http/media-type.ts';
import { readRequestBody } from '../http/read-body.ts';
import { Answer } from './answer.ts';
import { ifEndpoint, serverOf, type Endpoint } from './endpoint.ts';
import type { McpSession } from './mcp-session.ts';
import { answerMethod } from './methods.ts';
import { errorText, resultText } from './rpc-reply.ts';
import type { SessionStore } from './session-store.ts';

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

/** A request whose sender, endpoint and session are known. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly principal: Principal;
  /** The path, and what it names. */
  readonly endpoint: string;
  readonly place: Endpoint;
  readonly view: View;
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
    const { request, response } = first;
    const forms = acceptedForms(request.headers.accept);
    if (!forms.json && !forms.stream) {
      refuse(
        response,
        406,
        RPC_ERRORS.invalidRequest,
        'Accept must name application/json or text/event-stream',
      );
      return;
    }
    if (
      !isJsonContent(singleHeader(request, 'content-type')) ||
      request.headers['content-encoding'] !== undefined
    ) {
      refuse(
        response,
        415,
        RPC_ERRORS.invalidRequest,
        'The body must be application/json in UTF-8, without content encoding',
        CLOSE,
      );
      return;
    }
    const { http } = this.#deps.config();
    const body = await readRequestBody(request, http.max_body_bytes);
    if (body === undefined) {
      return;
    }
    if (!body.ok) {
      refuse(
        response,
        body.status,
        body.status === 413 ? RPC_ERRORS.invalidRequest : RPC_ERRORS.parse,
        body.message,
        CLOSE,
      );
      return;
    }
    let document: JsonDocument;
    try {
      document = readJson(body.text, {
        maxLength: http.max_body_bytes,
        maxDepth: http.max_json_depth,
        maxNodes: http.max_json_nodes,
      });
    } catch (error) {
      if (!(error instanceof JsonError)) {
        throw error;
      }
      refuse(response, 400, RPC_ERRORS.parse, error.message);
      return;
    }
    const message = classifyMessage(document.value);
    if (message.kind === 'invalid') {
      refuse(response, 400, RPC_ERRORS.invalidRequest, message.reason, {}, message.id);
      return;
    }
    const exchange = await this.#admitAgain(first);
    if (exchange === undefined) {
      return;
    }
    const answer = new Answer(response, forms, http.keep_alive_comment_seconds * 1000);
    if (message.kind === 'request' && message.method === 'initialize') {
      await this.#initialize(exchange, message.id, message.params ?? NO_PARAMS, answer);
      return;
    }
    const session = this.#session(exchange, message.kind === 'request' ? message.id : null);
    if (session === undefined) {
      return;
    }
    if (message.kind === 'request') {
      await this.#request(
        exchange,
        session,
        { ...message, params: message.params ?? NO_PARAMS },
        document,
        answer,
      );
      return;
    }
    if (message.kind === 'notification' && message.method === 'notifications/cancelled') {
      const id = message.params?.['requestId'];
      if (typeof id === 'string' || typeof id === 'number') {
        session.inFlight.get(id)?.abort(CANCELLED_BY_CLIENT);
      }
    }
    response.writeHead(202).end();
  }

  async #initialize(
    { request, response, principal, endpoint, view }: Exchange,
    id: RequestId,
    params: JsonObject,
    answer: Answer,
  ): Promise<void> {
    const wanted = params['protocolVersion'];
    if (typeof wanted !== 'string') {
      answer.finish(
        errorText(id, RPC_ERRORS.invalidParams, 'Parameter "protocolVersion" must be a string'),
        400,
      );
      return;
    }
    const protocolVersion = isHandshakeVersion(wanted) ? wanted : HANDSHAKE_VERSIONS[0];
    const session = this.#deps.sessions.open(principal, endpoint, protocolVersion);
    if (session === undefined) {
      answer.finish(
        errorText(id, RPC_ERRORS.rateLimited, 'Too many open sessions; end one or try later'),
        429,
      );
      return;
    }
    try {
      const { capabilities, serverInfo, instructions } = await view.describe(
        this.#caller(request, principal, session),
      );
      if (response.destroyed) {
        // Nobody will ever learn the id of this session.
        this.#deps.sessions.end(session);
        return;
      }
      session.capabilities = capabilities;
      answer.setHeader('mcp-session-id', session.id);
      answer.finish(
        resultText(id, {
          protocolVersion,
          capabilities,
          serverInfo,
          ...(instructions === undefined ? {} : { instructions }),
        }),
      );
    } catch (error) {
      this.#deps.sessions.end(session);
      if (!(error instanceof UpstreamError)) {
        throw error;
      }
      answer.finish(errorText(id, RPC_ERRORS.upstreamUnavailable, error.message), 502);
    }
  }

  async #request(
    { request, response, principal, view }: Exchange,
    session: McpSession,
    { id, method, params }: { readonly id: RequestId; readonly method: string; readonly params: JsonObject },
    document: JsonDocument,
    answer: Answer,
  ): Promise<void> {
    if (session.inFlight.has(id)) {
      answer.finish(errorText(id, RPC_ERRORS.invalidRequest, 'A request with this id is in flight'), 400);
      return;
    }
    const controller = new AbortController();
    session.inFlight.set(id, controller);
    const onClose = (): void => {
      if (!response.writableFinished) {
        controller.abort();
      }
    };
    response.once('close', onClose);
    try {
      const text = await answerMethod({
        gate: this.#deps.gate,
        view,
        session,
        caller: this.#caller(request, principal, session),
        id,
        method,
        params,
        document,
        answer,
        signal: controller.signal,
        showReasons: this.#deps.config().policy.show_reasons,
      });
      if (controller.signal.reason === CANCELLED_BY_CLIENT) {
        answer.finishCancelled(text);
      } else {
        answer.finish(text);
      }
    } catch (error) {
      this.#deps.logger.error('request failed', { method, reason: reasonOf(error) });
      answer.finish(errorText(id, RPC_ERRORS.internal, 'Internal error'), 500);
    } finally {
      answer.drop();
      session.inFlight.delete(id);
    }
  }

  #get(exchange: Exchange): void {
    const { request, response } = exchange;
    if (!acceptedForms(request.headers.accept).stream) {
      refuse(response, 406, RPC_ERRORS.invalidRequest, 'Accept must name text/event-stream');
      return;
    }
    const session = this.#session(exchange, null);
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
    const session = this.#session(exchange, null);
    if (session !== undefined) {
      this.#deps.sessions.end(session);
      exchange.response.writeHead(204).end();
    }
  }

  /** The session that the request names; otherwise it has been refused. */
  #session(
    { request, response, principal, endpoint }: Exchange,
    id: RequestId | null,
  ): McpSession | undefined {
    const version = singleHeader(request, 'mcp-protocol-version');
    if (request.headers['mcp-protocol-version'] !== undefined && !isHandshakeVersion(version)) {
      const message = `Unsupported protocol version; supported: ${HANDSHAKE_VERSIONS.join(', ')}`;
      refuse(response, 400, RPC_ERRORS.invalidRequest, message, {}, id);
      return undefined;
    }
    const sessionId = singleHeader(request, 'mcp-session-id');
    if (sessionId === undefined) {
      refuse(
        response,
        400,
        RPC_ERRORS.invalidRequest,
        'Header Mcp-Session-Id is missing: send initialize first',
        {},
        id,
      );
      return undefined;
    }
    const session = this.#deps.sessions.find(sessionId, endpoint, principal);
    if (session === undefined) {
      refuse(response, 404, RPC_ERRORS.sessionUnknown, 'Session not found: send initialize again', {}, id);
    }
    return session;
  }

  #caller(request: IncomingMessage, principal: Principal, session: McpSession): Caller {
    return {
      principal,
      session: session.id,
      credential: (header) => {
        const value = singleHeader(request, header);
        return value !== undefined && isCallerCredential(value) ? value : undefined;
      },
    };
  }
}

const NO_PARAMS: JsonObject = Object.freeze({});
const CANCELLED_BY_CLIENT = 'notifications/cancelled';
const CLOSE = { connection: 'close' } as const;

function refuse(
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  id: RequestId | null = null,
): void {
  sendJson(response, status, errorText(id, code, message), headers);
}
