import type { IncomingMessage, ServerResponse } from 'node:http';
import { isModernVersion, RPC_ERRORS, type JsonObject, type RequestId } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { Config } from '../../config/schema.ts';
import type { Gate } from '../../gate/index.ts';
import type { Logger } from '../../telemetry/telemetry.ts';
import type { View } from '../../view/index.ts';
import type { HandOver } from '../../worker/hand-over/hand-over.ts';
import { EventSink } from '../http/event-sink.ts';
import { hasHeader, singleHeader, type HttpDoor } from '../http/http-door.ts';
import { acceptedForms } from '../http/media-type.ts';
import { Answer } from './answer.ts';
import { ifEndpoint, serverOf, type Endpoint } from './endpoint.ts';
import { eraOf } from './era.ts';
import type { Exchange } from './exchange.ts';
import { initialize } from './handshake/initialize.ts';
import { runRequest, takeNotification, takeResponse } from './handshake/run-request.ts';
import { ifSession } from './handshake/session-header.ts';
import type { SessionStore } from './handshake/session-store.ts';
import type { MayHear } from './hearing/attachments.ts';
import { readMessage, type IncomingRpc } from './incoming-message.ts';
import { LongCalls } from './long-calls.ts';
import { heldElsewhere } from './modern/held-elsewhere.ts';
import type { ListenStore } from './modern/listen/listen-store.ts';
import { ResultWriter } from './modern/result-text.ts';
import { runModern } from './modern/run-modern.ts';
import { refuse } from './refuse.ts';

const NO_PARAMS: JsonObject = Object.freeze({});

export interface McpDoorDeps {
  readonly gate: Gate;
  readonly sessions: SessionStore;
  readonly listens: ListenStore;
  readonly config: () => Config;
  readonly view: (server: string | undefined) => View | undefined;
  /** Authenticates; on refusal it has answered the request and gives undefined. */
  readonly authenticate: (
    request: IncomingMessage,
    response: ServerResponse,
  ) => Promise<Principal | undefined>;
  /** False once a principal may no longer use what it has open. */
  readonly isCurrent: (principal: Principal) => boolean;
  readonly mayHear: MayHear;
  /** `WWW-Authenticate` of the refusal of a call at an endpoint for which the principal's token lacks scopes. */
  readonly stepUp: (endpoint: string, principal: Principal, scopes: readonly string[]) => string;
  /** Name and version under which the gateway gives results. */
  readonly info: { readonly name: string; readonly version: string };
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly logger: Logger;
  /** Set when other processes serve beside this one. */
  readonly handOver?: HandOver | undefined;
}

/**
 * MCP over streamable HTTP, for clients of both eras at the same address. Requests that describe themselves (MCP 2026-07-28) are answered each by itself.
 * Others belong to a session: POST for messages, GET for the stream of what the gateway says on its own, DELETE to end the session.
 */
export class McpDoor implements HttpDoor {
  readonly #deps: McpDoorDeps;
  readonly #longCalls: LongCalls;
  readonly #results: ResultWriter;
  #inFlight = 0;

  constructor(deps: McpDoorDeps) {
    this.#deps = deps;
    this.#longCalls = new LongCalls(deps.config().http.keep_alive_comment_seconds * 1000, deps.now);
    this.#results = new ResultWriter(deps.info);
  }

  /** Messages that are being answered. Streams that only listen do not count. */
  get inFlight(): number {
    return this.#inFlight;
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
    return this.#deps.view(serverOf(place)) === view && this.#deps.isCurrent(principal)
      ? exchange
      : await this.#admit(request, response, endpoint, place);
  }

  async #post(first: Exchange): Promise<void> {
    const incoming = await readMessage(first.request, first.response, this.#deps.config().http);
    if (incoming === undefined) {
      return;
    }
    const exchange = await this.#admitAgain(first);
    if (exchange === undefined) {
      return;
    }
    this.#inFlight += 1;
    try {
      if (eraOf(exchange.request, incoming.message) === 'modern') {
        await this.#answerModern(exchange, incoming);
      } else {
        await this.#answerInSession(exchange, incoming);
      }
    } finally {
      this.#inFlight -= 1;
    }
  }

  async #answerModern(exchange: Exchange, { message, document, forms }: IncomingRpc): Promise<void> {
    if (message.kind !== 'request') {
      // MCP 2026-07-28 defines no notification that a client could send over HTTP.
      exchange.response.writeHead(202).end();
      return;
    }
    const { config, stepUp } = this.#deps;
    const { endpoint, principal } = exchange;
    const { id, method, params } = message;
    if (await this.#isElsewhere(exchange, id, params, document.text)) {
      return;
    }
    const answer = new Answer(exchange.response, forms, this.#longCalls);
    await runModern(exchange, { id, method, params, document }, answer, {
      ...this.#deps,
      results: this.#results,
      keepAliveMs: this.#longCalls.afterMs,
      showReasons: config().policy.show_reasons,
      stepUp: (scopes) => stepUp(endpoint, principal, scopes),
    });
  }

  /** Whether another process has to answer: then it has, or it is gone and this is said. */
  async #isElsewhere(
    { request, response, principal }: Exchange,
    id: RequestId,
    params: JsonObject | undefined,
    body: string,
  ): Promise<boolean> {
    const { gate, handOver } = this.#deps;
    if (handOver === undefined || params === undefined) {
      return false;
    }
    const owner = heldElsewhere(gate, handOver, principal, params);
    if (owner === undefined) {
      return false;
    }
    if (!(await handOver.pass(request, response, owner, body))) {
      const what = 'The process that has this call open does not run; try again, or make the call anew';
      refuse(response, 503, RPC_ERRORS.upstreamUnavailable, what, { 'retry-after': '1' }, id);
    }
    return true;
  }

  async #answerInSession(exchange: Exchange, { message, document, forms }: IncomingRpc): Promise<void> {
    const { gate, sessions, config, logger, stepUp } = this.#deps;
    const { response, endpoint, principal } = exchange;
    const answer = new Answer(response, forms, this.#longCalls);
    if (message.kind === 'request' && message.method === 'initialize') {
      const { id, params = NO_PARAMS } = message;
      await initialize(sessions, exchange, { id, params }, answer);
      return;
    }
    const id: RequestId | null = message.kind === 'request' ? message.id : null;
    const session = ifSession(sessions, exchange, id);
    if (session === undefined) {
      return;
    }
    if (message.kind === 'request') {
      const { method, params = NO_PARAMS } = message;
      const asked = { gate, session, id: message.id, method, params, document, answer };
      const showReasons = config().policy.show_reasons;
      const challenge = (scopes: readonly string[]): string => stepUp(endpoint, principal, scopes);
      await runRequest(exchange, { ...asked, showReasons, stepUp: challenge }, logger);
      return;
    }
    if (message.kind === 'notification') {
      takeNotification(session, message);
    } else {
      takeResponse(session, message, logger);
    }
    response.writeHead(202).end();
  }

  #get(exchange: Exchange): void {
    const { request, response } = exchange;
    if (!this.#hasSession(exchange)) {
      return;
    }
    if (!acceptedForms(request.headers.accept).stream) {
      refuse(response, 406, RPC_ERRORS.invalidRequest, 'Accept must name text/event-stream');
      return;
    }
    const session = ifSession(this.#deps.sessions, exchange, null);
    if (session === undefined) {
      return;
    }
    const sink = new EventSink(response, {}, this.#longCalls.afterMs);
    session.openStream(sink);
    response.once('close', () => {
      session.closeStream(sink);
    });
  }

  #delete(exchange: Exchange): void {
    const session = this.#hasSession(exchange) ? ifSession(this.#deps.sessions, exchange, null) : undefined;
    if (session !== undefined) {
      this.#deps.sessions.end(session);
      exchange.response.writeHead(204).end();
    }
  }

  /** Only a session has a stream of its own, or an end; to everybody else this is an address for POST. */
  #hasSession({ request, response }: Exchange): boolean {
    const isModern = isModernVersion(singleHeader(request, 'mcp-protocol-version'));
    const has = hasHeader(request, 'mcp-session-id') && !isModern;
    if (!has) {
      const what = 'Method not allowed without Mcp-Session-Id';
      refuse(response, 405, RPC_ERRORS.invalidRequest, what, { allow: 'POST' });
    }
    return has;
  }
}
