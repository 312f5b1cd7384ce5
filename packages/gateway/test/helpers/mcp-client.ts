/** A small raw MCP client over HTTP, for tests that look at bytes and headers. */
export class RawClient {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  #session: string | undefined;
  #nextId = 1;

  constructor(url: string, token: string, headers: Record<string, string> = {}) {
    this.#url = url;
    this.#headers = { authorization: `Bearer ${token}`, ...headers };
  }

  get session(): string | undefined {
    return this.#session;
  }

  async connect(capabilities: object = {}): Promise<{ status: number; body: RpcBody }> {
    const clientInfo = { name: 'raw', version: '1' };
    const answer = await this.post({
      jsonrpc: '2.0',
      id: this.#nextId++,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities, clientInfo },
    });
    this.#session = answer.headers.get('mcp-session-id') ?? undefined;
    const body = (await answer.json()) as RpcBody;
    if (this.#session !== undefined) {
      await this.post({ jsonrpc: '2.0', method: 'notifications/initialized' });
    }
    return { status: answer.status, body };
  }

  async request(method: string, params: Record<string, unknown> = {}): Promise<RpcBody> {
    const answer = await this.post({ jsonrpc: '2.0', id: this.#nextId++, method, params });
    return readRpc(await answer.text());
  }

  async callTool(name: string, args: Record<string, unknown> = {}): Promise<RpcBody> {
    return await this.request('tools/call', { name, arguments: args });
  }

  async post(message: unknown, init: RequestInit = {}): Promise<Response> {
    return await fetch(this.#url, {
      method: 'POST',
      body: typeof message === 'string' ? message : JSON.stringify(message),
      ...init,
      headers: {
        ...this.headers(),
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(init.headers as Record<string, string> | undefined),
      },
    });
  }

  async stream(signal: AbortSignal): Promise<Response> {
    return await fetch(this.#url, { headers: { ...this.headers(), accept: 'text/event-stream' }, signal });
  }

  async end(): Promise<number> {
    return (await fetch(this.#url, { method: 'DELETE', headers: this.headers() })).status;
  }

  headers(): Record<string, string> {
    return { ...this.#headers, ...(this.#session === undefined ? {} : { 'mcp-session-id': this.#session }) };
  }
}

export interface RpcBody {
  readonly id?: string | number | null;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** The last message of a JSON or event-stream body. */
export function readRpc(text: string): RpcBody {
  return (readEvents(text).at(-1) ?? JSON.parse(text)) as RpcBody;
}

/** All messages of an event-stream body; none for a JSON body. */
export function readEvents(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice('data: '.length)) as unknown);
}
