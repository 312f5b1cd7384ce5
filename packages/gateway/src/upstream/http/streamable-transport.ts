import { untilSignal, type Exchange } from '../exchange.ts';
import type { SendResult, Transport, TransportEvents } from '../transport.ts';
import { UpstreamError } from '../upstream-error.ts';
import { readAnswerStream } from './answer-stream.ts';
import type { HttpAnswer } from './http-answer.ts';
import { exchange, flatHeaders, toTarget, type HttpHeaders, type HttpServer } from './http-exchange.ts';
import { toMediaTypeFailure, toStatusFailure } from './http-failure.ts';
import { listenForEvents } from './listen-stream.ts';
import { ifRpcError } from './rpc-error-body.ts';

const END_SESSION_MS = 1000;
const SESSION_ID = /^[\u0021-\u007e]{1,1024}$/;
const POST_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
// Of MCP 2026-07-28 and no other: a server that gives these codes no longer speaks what we agreed on.
const MODERN_CODES: ReadonlySet<number> = new Set([-32_020, -32_021, -32_022]);

/**
 * Streamable HTTP of the revisions with sessions: each message is a POST; its answer is one JSON body or a stream of events; a GET stream brings
 * what the server says on its own.
 */
export class StreamableTransport implements Transport {
  readonly #server: HttpServer;
  readonly #target: ReturnType<typeof toTarget>;
  readonly #closing = new AbortController();
  #events: TransportEvents | undefined;
  #session: string | undefined;
  #version: string | undefined;
  /** Of every POST; made anew when session or version change. */
  #postHeaders: HttpHeaders;

  constructor(server: HttpServer) {
    this.#server = server;
    this.#target = toTarget(server.url);
    this.#postHeaders = this.#headers(POST_HEADERS);
  }

  async open(events: TransportEvents): Promise<void> {
    this.#events = events;
  }

  ready(protocolVersion: string): void {
    this.#version = protocolVersion;
    this.#postHeaders = this.#headers(POST_HEADERS);
  }

  listen(): void {
    const until = this.#closing.signal;
    void listenForEvents(until, {
      get: async (lastEventId) =>
        await exchange(this.#server, this.#target, {
          method: 'GET',
          headers: this.#getHeaders(lastEventId),
          until: untilSignal(until),
        }),
      message: (text) => {
        this.#events?.message(text);
      },
    });
  }

  diagnosis(): string {
    return '';
  }

  async send(text: string, sent: Exchange): Promise<SendResult> {
    const answer = await exchange(this.#server, this.#target, {
      method: 'POST',
      headers: this.#postHeaders,
      body: text,
      until: sent,
    });
    if (answer.status < 200 || answer.status >= 300) {
      await this.#refuse(answer);
    }
    if (this.#version === undefined) {
      await this.#keepSession(answer);
    }
    await this.#receive(answer, sent);
    return 'ended';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    if (this.#session === undefined) {
      return;
    }
    const headers = this.#headers({});
    this.#session = undefined;
    try {
      const answer = await exchange(this.#server, this.#target, {
        method: 'DELETE',
        headers,
        until: untilSignal(AbortSignal.timeout(END_SESSION_MS)),
      });
      await answer.discard();
    } catch {
      // The server forgets the session by itself in time; ending it early is a courtesy.
    }
  }

  #headers(extra: Readonly<Record<string, string>>): HttpHeaders {
    return flatHeaders(
      this.#server.headers,
      extra,
      this.#session === undefined ? {} : { 'mcp-session-id': this.#session },
      this.#version === undefined ? {} : { 'mcp-protocol-version': this.#version },
    );
  }

  #getHeaders(lastEventId: string): HttpHeaders {
    return this.#headers({
      accept: 'text/event-stream',
      ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }),
    });
  }

  /** The handshake is the one exchange in which a server may name a session. */
  async #keepSession(answer: HttpAnswer): Promise<void> {
    const session = answer.headers['mcp-session-id'];
    if (session === undefined) {
      return;
    }
    if (typeof session !== 'string' || !SESSION_ID.test(session)) {
      await answer.discard();
      throw new UpstreamError(
        'UPSTREAM_PROTOCOL',
        `Server "${this.#server.name}" names a session that cannot be sent back`,
      );
    }
    this.#session = session;
    this.#postHeaders = this.#headers(POST_HEADERS);
  }

  async #receive(answer: HttpAnswer, sent: Exchange): Promise<void> {
    const { id } = sent;
    if (id === undefined) {
      await answer.discard();
      return;
    }
    const type = answer.mediaType;
    if (type === 'application/json') {
      this.#events?.message(await answer.readText(sent.maxBytes), id);
    } else if (type === 'text/event-stream') {
      await readAnswerStream(answer, {
        exchange: sent,
        resume: async (lastEventId) =>
          await exchange(this.#server, this.#target, {
            method: 'GET',
            headers: this.#getHeaders(lastEventId),
            until: sent,
          }),
        message: (text) => {
          this.#events?.message(text, id);
        },
      });
    } else {
      await answer.discard();
      throw toMediaTypeFailure(this.#server.name, type);
    }
  }

  async #refuse(answer: HttpAnswer): Promise<never> {
    const { name } = this.#server;
    const { status } = answer;
    const body = await answer.readErrorText();
    const rpcCode = ifRpcError(body)?.error.code;
    const isForgotten =
      this.#session !== undefined && (status === 404 || (status === 400 && /session/i.test(body)));
    const isModern =
      this.#version !== undefined && status === 400 && rpcCode !== undefined && MODERN_CODES.has(rpcCode);
    if (isForgotten || isModern) {
      throw new UpstreamError('UPSTREAM_SESSION_LOST', `Server "${name}" no longer knows the session`, {
        status,
      });
    }
    throw toStatusFailure(name, status, rpcCode);
  }
}
