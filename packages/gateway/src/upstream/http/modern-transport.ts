import { toHeaderValue, type RequestId, type RpcErrorBody } from '@smcp/protocol';
import type { Exchange } from '../exchange.ts';
import type { SendResult, Transport, TransportEvents } from '../transport.ts';
import { UpstreamError } from '../upstream-error.ts';
import type { HttpAnswer } from './http-answer.ts';
import { exchange, flatHeaders, toTarget, type HttpHeaders, type HttpServer } from './http-exchange.ts';
import { toMediaTypeFailure, toStatusFailure } from './http-failure.ts';
import { ifRpcError } from './rpc-error-body.ts';

const POST_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
/** Statuses with which a server tells that it does not know this form of a request. */
const OTHER_ERA: ReadonlySet<number> = new Set([400, 404, 405, 406, 415]);
const IMPLEMENTATION_FIRST = -32_019;
const IMPLEMENTATION_LAST = -32_000;

/**
 * Streamable HTTP of MCP 2026-07-28: each request is a POST that says everything of itself, and its answer is one JSON body or a stream of events
 * that belongs to it alone. There are no sessions, and a stream that breaks is not resumed.
 *
 * An error that the server gives with status 400 or 404 is its answer. Any other 400, 404, 405, 406 or 415 is `UPSTREAM_SESSION_LOST`: the server
 * does not, or no longer, speak this.
 */
export class ModernTransport implements Transport {
  readonly cancelsByClosing = true;
  readonly #server: HttpServer;
  readonly #target: ReturnType<typeof toTarget>;
  #events: TransportEvents | undefined;
  #headers: HttpHeaders;

  /** @param protocolVersion The version to speak until `ready` names another. */
  constructor(server: HttpServer, protocolVersion: string) {
    this.#server = server;
    this.#target = toTarget(server.url);
    this.#headers = headersOf(server, protocolVersion);
  }

  async open(events: TransportEvents): Promise<void> {
    this.#events = events;
  }

  ready(protocolVersion: string): void {
    this.#headers = headersOf(this.#server, protocolVersion);
  }

  // What a server says on its own is asked for by a request.
  listen(): void {}

  diagnosis(): string {
    return '';
  }

  async send(text: string, sent: Exchange): Promise<SendResult> {
    const answer = await exchange(this.#server, this.#target, {
      method: 'POST',
      headers: this.#headersFor(sent),
      body: text,
      until: sent,
    });
    if (answer.status < 200 || answer.status >= 300) {
      await this.#receiveError(answer, sent);
    } else {
      await this.#receive(answer, sent);
    }
    return 'ended';
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #headersFor({ request }: Exchange): HttpHeaders {
    if (request === undefined) {
      return this.#headers;
    }
    const headers = [...this.#headers, 'mcp-method', request.method];
    if (request.name !== undefined) {
      headers.push('mcp-name', toHeaderValue(request.name));
    }
    const params = request.paramHeaders?.();
    if (params !== undefined) {
      headers.push(...flatHeaders(params));
    }
    return headers;
  }

  async #receive(answer: HttpAnswer, { id, maxBytes }: Exchange): Promise<void> {
    const type = answer.mediaType;
    if (id === undefined) {
      await answer.discard();
    } else if (type === 'application/json') {
      this.#events?.message(await answer.readText(maxBytes), id);
    } else if (type === 'text/event-stream') {
      await answer.readEvents(maxBytes, {
        onEvent: ({ data }) => {
          if (data !== '') {
            this.#events?.message(data, id);
          }
        },
      });
    } else {
      await answer.discard();
      throw toMediaTypeFailure(this.#server.name, type);
    }
  }

  async #receiveError(answer: HttpAnswer, { id }: Exchange): Promise<void> {
    const { name } = this.#server;
    const { status } = answer;
    const found = ifRpcError(await answer.readErrorText());
    if (id !== undefined && found !== undefined && isAnswer(status, found, id)) {
      this.#events?.message(JSON.stringify({ jsonrpc: '2.0', id, error: found.error }), id);
      return;
    }
    if (OTHER_ERA.has(status)) {
      throw new UpstreamError(
        'UPSTREAM_SESSION_LOST',
        `Server "${name}" does not know this version of MCP (HTTP status ${status})`,
        { status },
      );
    }
    throw toStatusFailure(name, status);
  }
}

/** Codes that the specification left to implementations belong to older servers, which complain with them of a missing session. */
function isAnswer(
  status: number,
  { id, error }: { readonly id: RequestId | null; readonly error: RpcErrorBody },
  asked: number,
): boolean {
  const isOurs = id === asked || id === null;
  const isOlder = error.code >= IMPLEMENTATION_FIRST && error.code <= IMPLEMENTATION_LAST;
  return (status === 400 || status === 404) && isOurs && !isOlder;
}

function headersOf(server: HttpServer, protocolVersion: string): HttpHeaders {
  return flatHeaders(server.headers, POST_HEADERS, { 'mcp-protocol-version': protocolVersion });
}
