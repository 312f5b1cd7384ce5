import type { ServerResponse } from 'node:http';
import { EventSink } from '../http/event-sink.ts';

/**
 * The answer to one POST: a JSON body, or, once something must be said before the end and the client takes streams, an event stream that ends with
 * the response.
 */
export class Answer {
  readonly #response: ServerResponse;
  readonly #forms: { readonly json: boolean; readonly stream: boolean };
  readonly #keepAliveMs: number;
  #headers: Record<string, string> = {};
  #sink: EventSink | undefined;
  #timer: NodeJS.Timeout | undefined;
  #finished = false;

  constructor(
    response: ServerResponse,
    forms: { readonly json: boolean; readonly stream: boolean },
    keepAliveMs: number,
  ) {
    this.#response = response;
    this.#forms = forms;
    this.#keepAliveMs = keepAliveMs;
  }

  /** Whether something can be said before the response. */
  get canNotify(): boolean {
    return this.#forms.stream;
  }

  setHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  /** The work may take long: once it has taken a while, an open stream keeps proxies and clients from giving up. */
  expectLong(): void {
    if (this.#forms.stream) {
      this.#timer = setTimeout(() => {
        this.#open();
      }, this.#keepAliveMs).unref();
    }
  }

  notify(method: string, params: unknown): void {
    if (this.#forms.stream && !this.#finished) {
      this.#open().send(JSON.stringify({ jsonrpc: '2.0', method, params }));
    }
  }

  finish(text: string, status = 200): void {
    clearTimeout(this.#timer);
    this.#finished = true;
    if (this.#sink === undefined && !this.#forms.json) {
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
    clearTimeout(this.#timer);
    this.#finished = true;
  }

  #open(): EventSink {
    clearTimeout(this.#timer);
    this.#sink ??= new EventSink(this.#response, this.#headers, this.#keepAliveMs);
    return this.#sink;
  }
}
