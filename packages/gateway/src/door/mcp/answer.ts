import type { ServerResponse } from 'node:http';
import { EventSink } from '../http/event-sink.ts';
import type { AcceptedForms } from '../http/media-type.ts';
import type { LongCall, LongCalls } from './long-calls.ts';

/**
 * The answer to one POST: a JSON body, or, once something must be said before the end and the client takes streams, an event stream that ends with
 * the response.
 */
export class Answer implements LongCall {
  readonly #response: ServerResponse;
  readonly #forms: AcceptedForms;
  readonly #longCalls: LongCalls;
  #headers: Record<string, string> | undefined;
  #sink: EventSink | undefined;
  #isLong = false;
  #finished = false;

  constructor(response: ServerResponse, forms: AcceptedForms, longCalls: LongCalls) {
    this.#response = response;
    this.#forms = forms;
    this.#longCalls = longCalls;
  }

  /** Whether something can be said before the response. */
  get canNotify(): boolean {
    return this.#forms.stream;
  }

  setHeader(name: string, value: string): void {
    this.#headers ??= {};
    this.#headers[name] = value;
  }

  /** The work may take long: once it has taken a while, an open stream keeps proxies and clients from giving up. */
  expectLong(): void {
    if (this.#forms.stream && !this.#finished && this.#sink === undefined) {
      this.#isLong = true;
      this.#longCalls.add(this);
    }
  }

  /** Of `LongCall`. */
  onLong(): void {
    if (!this.#finished) {
      this.#open();
    }
  }

  notify(method: string, params: unknown): void {
    this.send(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  /** Says something before the response. Returns false when the client takes no streams, or nothing can be said any more. */
  send(text: string): boolean {
    return this.#forms.stream && !this.#finished && !this.#response.destroyed && this.#open().send(text);
  }

  /** @param status Counts while no stream is open; with any but 200 even a client that takes streams only gets a body. */
  finish(text: string, status = 200): void {
    this.#close();
    if (this.#sink === undefined && !this.#forms.json && status === 200) {
      this.#open();
    }
    if (this.#sink !== undefined) {
      this.#sink.send(text);
      this.#sink.end();
      return;
    }
    this.#response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      ...this.#headers,
    });
    this.#response.end(text);
  }

  /** Ends without an answer, which a client that cancelled must not get; one that takes no streams has to be given some body, so it gets `text`. */
  finishCancelled(text: string): void {
    if (!this.#forms.stream) {
      this.finish(text);
      return;
    }
    this.drop();
    this.#open().end();
  }

  /** Nothing more will be written. */
  drop(): void {
    this.#close();
  }

  #close(): void {
    this.#finished = true;
    if (this.#isLong) {
      this.#longCalls.delete(this);
    }
  }

  #open(): EventSink {
    this.#sink ??= new EventSink(this.#response, this.#headers ?? {}, this.#longCalls.afterMs);
    return this.#sink;
  }
}
