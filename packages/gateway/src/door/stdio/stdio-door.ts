import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import {
  classifyMessage,
  isJsonObject,
  META,
  readJson,
  RPC_ERRORS,
  spliceRequest,
  spliceResponseId,
  type JsonDocument,
  type JsonObject,
  type RequestId,
} from '@smcp/protocol';
import { reasonOf } from '../../lib/reason-of.ts';
import type { HttpServer } from '../../upstream/http/http-exchange.ts';
import { LineSplitter } from '../../upstream/stdio/line-splitter.ts';
import { LineWriter } from '../../upstream/stdio/line-writer.ts';
import { HttpSide } from './http-side.ts';

export interface StdioDoorOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** The endpoint for whose clients this stands: of this process, or of a gateway elsewhere. */
  readonly server: HttpServer;
  /** Bytes of one message, in either direction. */
  readonly maxBytes: number;
  /** Told of what cannot be told to the client. */
  readonly onProblem: (message: string) => void;
}

const NOTHING: JsonObject = Object.freeze({});

/**
 * MCP over standard input and output for one client of either era, in front of an endpoint over HTTP: what is decided, limited and recorded there is the
 * same. Ids of requests are replaced on the way and put back; everything else passes as it was written.
 */
export class StdioDoor {
  readonly #options: StdioDoorOptions;
  readonly #writer: LineWriter;
  readonly #http: HttpSide;
  /** Ids of the client by ours, of requests under way. */
  readonly #ids = new Map<number, RequestId>();
  #lastId = 0;
  /** Messages go out in the order in which they came, as far as their kind wants it. */
  #order: Promise<void> = Promise.resolve();

  constructor(options: StdioDoorOptions) {
    this.#options = options;
    this.#writer = new LineWriter(options.output);
    this.#http = new HttpSide(options.server, options.maxBytes, {
      message: (text, id) => {
        this.#toClient(text, id);
      },
    });
  }

  /** Serves until the input ends; then what the client had open is ended. */
  async serve(): Promise<void> {
    const { input, maxBytes } = this.#options;
    const lines = new LineSplitter(maxBytes, {
      onLine: (line) => {
        this.#fromClient(line);
      },
      onTooLong: () => {
        this.#error(null, RPC_ERRORS.invalidRequest, `A message has more than ${maxBytes} bytes`);
      },
    });
    input.on('data', (chunk: Buffer) => {
      lines.push(chunk);
    });
    // A broken pipe is an end as well.
    await Promise.race([once(input, 'end'), once(input, 'close'), once(input, 'error')]);
    await this.#order;
    await this.#http[Symbol.asyncDispose]();
  }

  #fromClient(line: string): void {
    if (line.trim() === '') {
      return;
    }
    let document: JsonDocument;
    try {
      document = readJson(line, { maxLength: this.#options.maxBytes, maxDepth: 512, maxNodes: 4_000_000 });
    } catch (error) {
      this.#error(null, RPC_ERRORS.parse, reasonOf(error));
      return;
    }
    const message = classifyMessage(document.value);
    switch (message.kind) {
      case 'invalid':
        this.#error(message.id, RPC_ERRORS.invalidRequest, message.reason);
        break;
      case 'request':
        this.#request(document, message);
        break;
      case 'notification':
        this.#notification(line, message);
        break;
      case 'response':
        this.#inOrder(async () => {
          await this.#http.tell(line);
        });
    }
  }

  #request(
    document: JsonDocument,
    {
      id,
      method,
      params = NOTHING,
    }: { readonly id: RequestId; readonly method: string; readonly params: JsonObject | undefined },
  ): void {
    if ([...this.#ids.values()].includes(id)) {
      this.#error(id, RPC_ERRORS.invalidRequest, 'A request with this id is in flight');
      return;
    }
    this.#lastId += 1;
    const own = this.#lastId;
    this.#ids.set(own, id);
    const text = spliceRequest(document, { id: own });
    // Nothing may overtake what came before; the answer itself is not waited for, but for that of the handshake.
    this.#inOrder(async () => {
      const answered = this.#http.request(own, text, { method, params, isModern: isModern(method, params) });
      const settled = answered
        .catch((error: unknown) => {
          this.#error(id, RPC_ERRORS.upstreamUnavailable, reasonOf(error));
        })
        .finally(() => {
          this.#settle(own);
        });
      if (method === 'initialize') {
        await settled;
      }
    });
  }

  #notification(
    line: string,
    { method, params = NOTHING }: { readonly method: string; readonly params: JsonObject | undefined },
  ): void {
    if (method !== 'notifications/cancelled') {
      this.#inOrder(async () => {
        await this.#http.tell(line, method);
      });
      return;
    }
    const found = [...this.#ids].find(([, id]) => id === params['requestId']);
    if (found !== undefined) {
      const [own] = found;
      const cancel = { jsonrpc: '2.0', method, params: { ...params, requestId: own } };
      this.#inOrder(async () => {
        await this.#http.cancel(own, JSON.stringify(cancel));
      });
    }
  }

  #inOrder(step: () => Promise<void>): void {
    this.#order = this.#order.then(step).catch((error: unknown) => {
      this.#options.onProblem(reasonOf(error));
    });
  }

  /** A request that ended without an answer, such as one that was cancelled, is gone. */
  #settle(own: number): void {
    this.#ids.delete(own);
  }

  #toClient(text: string, related: number | undefined): void {
    const id = related === undefined ? undefined : this.#ids.get(related);
    const isAnswer = related !== undefined && isResponseTo(text, related);
    if (!isAnswer) {
      void this.#writer.write(toOneLine(text));
      return;
    }
    if (id !== undefined) {
      this.#ids.delete(related);
      const answer = spliceResponseId(text, id) ?? withId(text, id);
      void this.#writer.write(toOneLine(answer));
    }
  }

  #error(id: RequestId | null, code: number, message: string): void {
    void this.#writer.write(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } }));
  }
}

/** As at the door over HTTP: what names its version in `_meta` describes itself, and so does `server/discover`. */
function isModern(method: string, params: JsonObject): boolean {
  const meta = params['_meta'];
  const claims = isJsonObject(meta) && Object.hasOwn(meta, META.protocolVersion);
  return method === 'server/discover' || (claims && method !== 'initialize');
}

function isResponseTo(text: string, id: number): boolean {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) && value['id'] === id && value['method'] === undefined;
}

function withId(text: string, id: RequestId): string {
  const value: unknown = JSON.parse(text);
  return JSON.stringify({ ...(isJsonObject(value) ? value : {}), id });
}

/** White space between tokens may hold line feeds; those in strings are escaped. */
function toOneLine(text: string): string {
  return /[\r\n]/.test(text) ? text.replaceAll(/[\r\n]+/g, ' ') : text;
}
