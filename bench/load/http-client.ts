import { Client, type Dispatcher } from 'undici';
import { agreedVersion, HANDSHAKE, LoadError, type BenchClient, type Endpoint } from './bench-client.ts';
import { ifMessageInEvents } from './event-data.ts';

const TIMEOUT_MS = 10_000;

interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly session: string | undefined;
  readonly text: string;
}

type Headers = Readonly<Record<string, string>>;

/** Streamable HTTP over one keep-alive connection, with a session. The stream of GET, when opened, has a connection of its own. */
export class HttpClient implements BenchClient {
  readonly #client: Client;
  readonly #path: string;
  readonly #origin: string;
  #headers: Headers;
  #stream: Client | undefined;

  private constructor(url: URL, headers: Headers) {
    this.#origin = url.origin;
    this.#path = url.pathname;
    this.#headers = headers;
    this.#client = createConnection(url.origin);
  }

  /** Connects and shakes hands. */
  static async open({ url, headers }: Extract<Endpoint, { kind: 'http' }>): Promise<HttpClient> {
    const accept = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
    const client = new HttpClient(new URL(url), { ...headers, ...accept });
    try {
      await client.#handshake();
    } catch (error) {
      await client.#client.destroy();
      throw error;
    }
    return client;
  }

  async request(id: number, text: string): Promise<string> {
    const answer = await this.#post(text);
    if (answer.status !== 200) {
      throw new LoadError(`HTTP ${answer.status}`, { cause: answer.text });
    }
    const message = answer.type.startsWith('text/event-stream')
      ? ifMessageInEvents(answer.text, id)
      : answer.text;
    if (message === undefined) {
      throw new LoadError('stream without the answer');
    }
    return message;
  }

  /** Opens the stream of what the server says on its own, and drops whatever comes. */
  async openStream(): Promise<void> {
    this.#stream = createConnection(this.#origin);
    const { statusCode, body } = await this.#stream.request({
      path: this.#path,
      method: 'GET',
      headers: { ...this.#headers, accept: 'text/event-stream' },
      bodyTimeout: 0,
    });
    // The end of the stream comes with the end of the connection.
    body.on('error', () => undefined).resume();
    if (statusCode !== 200) {
      throw new LoadError(`HTTP ${statusCode} for the stream`);
    }
  }

  /** Ends the connection for requests; another request would open a new one. The session and its stream stay. */
  async dropConnection(): Promise<void> {
    await this.#client.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream?.destroy();
    if (!this.#client.destroyed) {
      const answer = this.#client.request({ path: this.#path, method: 'DELETE', headers: this.#headers });
      // Not every server can end a session.
      await answer.then(async ({ body }) => await body.dump()).catch(() => undefined);
      await this.#client.destroy();
    }
  }

  async #handshake(): Promise<void> {
    const answer = await this.#post(HANDSHAKE.initialize(0));
    const text = answer.type.startsWith('text/event-stream')
      ? (ifMessageInEvents(answer.text, 0) ?? '{}')
      : answer.text;
    if (answer.status !== 200) {
      throw new LoadError(`handshake: HTTP ${answer.status}: ${answer.text.slice(0, 200)}`);
    }
    this.#headers = {
      ...this.#headers,
      'mcp-protocol-version': agreedVersion(text),
      ...(answer.session === undefined ? {} : { 'mcp-session-id': answer.session }),
    };
    const { status } = await this.#post(HANDSHAKE.initialized);
    if (status !== 202) {
      throw new LoadError(`handshake: HTTP ${status} for the notification`);
    }
  }

  async #post(body: string): Promise<HttpAnswer> {
    return await new Promise((resolve, reject) => {
      const options = { path: this.#path, method: 'POST', headers: this.#headers, body } as const;
      this.#client.dispatch(options, new Exchange(resolve, reject));
    });
  }
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (error: LoadError) => void;
  #status = 0;
  #type = '';
  #session: string | undefined;
  #parts: Buffer[] = [];

  constructor(resolve: (answer: HttpAnswer) => void, reject: (error: LoadError) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  // undici recognises a handler of the present shape by this method.
  onRequestStart(): void {}

  onResponseStart(
    _controller: unknown,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    this.#type = String(headers['content-type'] ?? '');
    this.#session = headers['mcp-session-id']?.toString();
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#parts.push(chunk);
  }

  onResponseEnd(): void {
    const [only] = this.#parts;
    const bytes = this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts);
    this.#resolve({ status: this.#status, type: this.#type, session: this.#session, text: bytes.toString() });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#reject(new LoadError((error as NodeJS.ErrnoException).code ?? error.name, { cause: error }));
  }
}

function createConnection(origin: string): Client {
  return new Client(origin, { pipelining: 1, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
}
