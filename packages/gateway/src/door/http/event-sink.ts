import type { ServerResponse } from 'node:http';

/** A client that holds back more than this when the next message comes has its stream cut. One message may be larger by itself. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

const LINE_END = /[\r\n]/;
const LINE_ENDS = /[\r\n]+/g;

const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** Writes server-sent events to one response, with keep-alive comments while it is silent. */
export class EventSink {
  readonly #response: ServerResponse;
  readonly #keepAlive: NodeJS.Timeout;

  constructor(response: ServerResponse, headers: Readonly<Record<string, string>>, keepAliveMs: number) {
    this.#response = response;
    response.writeHead(200, { ...STREAM_HEADERS, ...headers });
    response.flushHeaders();
    this.#keepAlive = setInterval(() => {
      this.#write(': keep-alive\n\n');
    }, keepAliveMs).unref();
    response.once('close', () => {
      clearInterval(this.#keepAlive);
    });
  }

  /** Sends one message of valid JSON. Returns false when the stream is gone. */
  send(text: string): boolean {
    // In JSON a line end can only stand between tokens, where a blank means the same.
    const line = LINE_END.test(text) ? text.replaceAll(LINE_ENDS, ' ') : text;
    return this.#write(`event: message\ndata: ${line}\n\n`);
  }

  end(): void {
    clearInterval(this.#keepAlive);
    this.#response.end();
  }

  #write(text: string): boolean {
    if (this.#response.writableEnded || this.#response.destroyed) {
      return false;
    }
    if (this.#response.writableLength > MAX_BUFFERED_BYTES) {
      this.#response.destroy();
      return false;
    }
    this.#response.write(text);
    return true;
  }
}
