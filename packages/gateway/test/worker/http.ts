import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { readRpc, type RpcBody } from '../helpers/mcp-client.ts';

export const KEY = 'smcp_key_0123456789012345678901234567890123456789012';

/** One request of HTTP over a connection of its own, so that whichever worker is next gets it. */
export async function fresh(
  url: string,
  {
    method = 'POST',
    headers = {},
    body,
    signal,
  }: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly signal?: AbortSignal;
  } = {},
): Promise<IncomingMessage> {
  const asked = request(url, {
    agent: false,
    method,
    ...(signal === undefined ? {} : { signal }),
    headers: {
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
  });
  // Told of by whoever waits at that moment, if anybody does.
  asked.on('error', () => undefined);
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer;
}

export async function textOf(answer: IncomingMessage): Promise<string> {
  return Buffer.concat(await answer.toArray()).toString();
}

const MODERN = '2026-07-28';
const PREFIX = 'io.modelcontextprotocol/';

/** One request of MCP 2026-07-28 over a connection of its own. */
export async function freshModern(
  url: string,
  method: string,
  params: Readonly<Record<string, unknown>>,
  capabilities: object,
): Promise<RpcBody> {
  const name = params['name'] ?? params['taskId'];
  const _meta = { [`${PREFIX}protocolVersion`]: MODERN, [`${PREFIX}clientCapabilities`]: capabilities };
  const answer = await fresh(url, {
    headers: {
      'mcp-protocol-version': MODERN,
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    },
    body: { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } },
  });
  return readRpc(await textOf(answer));
}

/** A client with a session, each of whose requests has a connection of its own. */
export class WanderingClient {
  readonly url: string;
  readonly session: string;
  #lastId = 0;

  private constructor(url: string, session: string) {
    this.url = url;
    this.session = session;
  }

  static async open(url: string, capabilities: object = {}): Promise<WanderingClient> {
    const answer = await fresh(url, {
      body: {
        jsonrpc: '2.0',
        id: 0,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'w', version: '1' } },
      },
    });
    const session = answer.headers['mcp-session-id'];
    if (typeof session !== 'string') {
      throw new Error(`No session, but ${answer.statusCode}: ${await textOf(answer)}`);
    }
    answer.resume();
    return new WanderingClient(url, session);
  }

  async send(message: object, signal?: AbortSignal): Promise<IncomingMessage> {
    return await fresh(this.url, {
      headers: { 'mcp-session-id': this.session },
      body: { jsonrpc: '2.0', ...message },
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async callTool(name: string, args: object = {}, meta?: object): Promise<RpcBody> {
    this.#lastId += 1;
    const params = { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) };
    return readRpc(await textOf(await this.send({ id: this.#lastId, method: 'tools/call', params })));
  }

  async stream(signal: AbortSignal): Promise<IncomingMessage> {
    return await fresh(this.url, { method: 'GET', headers: { 'mcp-session-id': this.session }, signal });
  }

  async end(): Promise<number | undefined> {
    const answer = await fresh(this.url, { method: 'DELETE', headers: { 'mcp-session-id': this.session } });
    answer.resume();
    return answer.statusCode;
  }
}
