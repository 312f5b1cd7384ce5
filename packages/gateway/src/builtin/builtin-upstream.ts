import {
  HANDSHAKE_VERSIONS,
  isJsonObject,
  readJson,
  type JsonObject,
  type RpcResponse,
} from '@smcp/protocol';
import type { Caller } from '../gate/index.ts';
import {
  UpstreamError,
  type OutgoingRequest,
  type RequestOptions,
  type ServerDescription,
  type Upstream,
  type UpstreamHealth,
  type UpstreamReply,
} from '../upstream/index.ts';
import type { BuiltinService } from './builtin-service.ts';

const METHOD_NOT_FOUND = -32601;
const NOTHING: JsonObject = Object.freeze({});
/** What comes here was read at the door within its bounds, and written anew by the gate. */
const LIMITS = { maxLength: 64 * 1024 * 1024, maxDepth: 1024, maxNodes: 4_000_000 };

/** Tools of the gateway's own as an upstream: the gate knows no difference. Nothing runs for it, so it is always ready and has nothing to end. */
export class BuiltinUpstream implements Upstream {
  readonly server: string;
  readonly state = 'ready';
  readonly #service: BuiltinService;
  readonly #caller: Caller;
  readonly #version: string;

  constructor(service: BuiltinService, caller: Caller, version: string) {
    this.server = service.name;
    this.#service = service;
    this.#caller = caller;
    this.#version = version;
  }

  async describe(): Promise<ServerDescription> {
    return {
      // Questions in the middle of a call go to the client as those of a server with a session do.
      era: 'handshake',
      protocolVersion: HANDSHAKE_VERSIONS[0],
      capabilities: { tools: { listChanged: true } },
      serverInfo: { name: this.server, version: this.#version },
      instructions: undefined,
    };
  }

  async request(request: OutgoingRequest, options: RequestOptions): Promise<UpstreamReply> {
    const { method } = request;
    if (method === 'tools/list') {
      const tools = await this.#service.tools(this.#caller.principal.tenant);
      return reply({ result: { tools: [...tools] } });
    }
    if (method !== 'tools/call') {
      return reply({ error: { code: METHOD_NOT_FOUND, message: `Unknown method: ${method}` } });
    }
    const { name, arguments: args, _meta: meta } = paramsOf(request);
    options.signal?.throwIfAborted();
    const result = await this.#service.call({
      tool: typeof name === 'string' ? name : '',
      args: isJsonObject(args) ? args : NOTHING,
      caller: this.#caller,
      options,
      meta: isJsonObject(meta) ? meta : NOTHING,
    });
    if (options.signal?.aborted === true) {
      throw new UpstreamError('UPSTREAM_CANCELLED', `The call to "${this.server}" was cancelled`);
    }
    return reply({ result });
  }

  attach(): () => void {
    return () => undefined;
  }

  async setLogLevel(): Promise<void> {}

  async subscribe(): Promise<void> {
    throw new UpstreamError('UPSTREAM_REFUSED', `Server "${this.server}" has no resources`);
  }

  async unsubscribe(): Promise<void> {}

  async followTask(): Promise<void> {
    throw new UpstreamError('UPSTREAM_REFUSED', `Server "${this.server}" has no tasks`);
  }

  async unfollowTask(): Promise<void> {}

  rootsChanged(): void {}

  health(): UpstreamHealth {
    return { server: this.server, state: this.state, inFlight: 0, starts: 0, diagnosis: '' };
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function paramsOf(request: OutgoingRequest): JsonObject {
  const { value } = readJson(request.encode(1, NOTHING), LIMITS);
  const params = isJsonObject(value) ? value['params'] : undefined;
  return isJsonObject(params) ? params : NOTHING;
}

function reply(
  body:
    | { readonly result: JsonObject }
    | { readonly error: { readonly code: number; readonly message: string } },
): UpstreamReply {
  const message: RpcResponse = { jsonrpc: '2.0', id: 1, ...body };
  return { text: JSON.stringify(message), message };
}
