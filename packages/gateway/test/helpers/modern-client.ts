import { toHeaderValue } from '@smcp/protocol';
import { readRpc, type RpcBody } from './mcp-client.ts';

export const MODERN = '2026-07-28';
const PREFIX = 'io.modelcontextprotocol/';

export interface ModernInit {
  readonly id?: string | number;
  /** Members of `_meta` beside those that every request has. */
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly capabilities?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A small raw client of MCP 2026-07-28 over HTTP, for tests that look at bytes and headers. */
export class ModernClient {
  readonly #url: string;
  readonly #token: string;
  #nextId = 1;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async post(method: string, params: Record<string, unknown> = {}, init: ModernInit = {}): Promise<Response> {
    const name = params['name'] ?? params['uri'] ?? params['taskId'];
    const _meta = {
      [`${PREFIX}protocolVersion`]: MODERN,
      [`${PREFIX}clientCapabilities`]: init.capabilities ?? {},
      ...init.meta,
    };
    return await fetch(this.#url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': MODERN,
        'mcp-method': method,
        ...(typeof name === 'string' ? { 'mcp-name': toHeaderValue(name) } : {}),
        ...init.headers,
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: init.id ?? this.#nextId++,
        method,
        params: { ...params, _meta },
      }),
      ...(init.signal === undefined ? {} : { signal: init.signal }),
    });
  }

  async request(
    method: string,
    params: Record<string, unknown> = {},
    init: ModernInit = {},
  ): Promise<RpcBody & { readonly status: number }> {
    const answer = await this.post(method, params, init);
    return { status: answer.status, ...readRpc(await answer.text()) };
  }

  async callTool(name: string, args: Record<string, unknown> = {}, init: ModernInit = {}) {
    return await this.request('tools/call', { name, arguments: args }, init);
  }

  /** Opens a stream that listens. */
  async listen(notifications: object, init: ModernInit = {}): Promise<Listening> {
    const controller = new AbortController();
    const response = await this.post(
      'subscriptions/listen',
      { notifications },
      { ...init, signal: controller.signal },
    );
    return new Listening(response, controller);
  }
}

type Message = Record<string, unknown>;

/** What comes over a stream, message by message. */
export class Listening {
  readonly status: number;
  readonly messages: Message[] = [];
  /** Settles when the stream has ended, in whichever way. */
  readonly ended: Promise<void>;
  readonly #controller: AbortController;

  constructor(response: Response, controller: AbortController) {
    this.status = response.status;
    this.#controller = controller;
    this.ended = this.#read(response).catch(() => undefined);
  }

  get methods(): unknown[] {
    return this.messages.map(({ method }) => method);
  }

  close(): void {
    this.#controller.abort();
  }

  async #read(response: Response): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('data: ')) {
          this.messages.push(JSON.parse(line.slice('data: '.length)) as Message);
        }
      }
    }
    if (rest.startsWith('{')) {
      this.messages.push(JSON.parse(rest) as Message);
    }
  }
}
