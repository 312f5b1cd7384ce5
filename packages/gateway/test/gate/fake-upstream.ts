import { META, isJsonObject, type Era, type JsonObject, type RpcErrorBody } from '@smcp/protocol';
import {
  UpstreamError,
  type OutgoingRequest,
  type RequestOptions,
  type ServerDescription,
  type Upstream,
  type UpstreamHealth,
  type UpstreamReply,
} from '../../src/upstream/index.ts';

/** One request that arrived at the fake. */
export interface Arrived {
  readonly method: string;
  readonly params: JsonObject;
  readonly meta: JsonObject;
  readonly name: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly options: RequestOptions;
  readonly text: string;
}

export type Answer = JsonObject | { readonly fails: RpcErrorBody };

/** A server of either era in this process: says what the test makes it say, and remembers what arrived but for lists. */
export class FakeUpstream implements Upstream {
  readonly server = 'box';
  readonly state = 'ready';
  readonly arrived: Arrived[] = [];
  /** Methods of all requests, also of lists. */
  readonly methods: string[] = [];
  era: Era;
  tools: readonly JsonObject[];
  answer: (request: Arrived) => Promise<Answer> | Answer;
  #ids = 0;

  constructor(era: Era, answer: (request: Arrived) => Promise<Answer> | Answer) {
    this.era = era;
    this.answer = answer;
    this.tools = [{ name: 'dig', inputSchema: { type: 'object' } }];
  }

  async describe(): Promise<ServerDescription> {
    const capabilities = { tools: { listChanged: true }, prompts: { listChanged: true }, resources: {} };
    return {
      era: this.era,
      protocolVersion: this.era === 'modern' ? '2026-07-28' : '2025-11-25',
      capabilities,
      serverInfo: {},
      instructions: undefined,
    };
  }

  async request(request: OutgoingRequest, options: RequestOptions): Promise<UpstreamReply> {
    if (options.signal?.aborted === true) {
      throw new UpstreamError('UPSTREAM_CANCELLED', 'Cancelled before it was sent');
    }
    this.#ids += 1;
    const id = this.#ids;
    const text = request.encode(id, this.#hop(options));
    this.methods.push(request.method);
    const reply = (body: JsonObject): UpstreamReply => {
      const message = { jsonrpc: '2.0', id, ...body } as unknown as UpstreamReply['message'];
      return { text: JSON.stringify(message), message };
    };
    if (request.method === 'tools/list') {
      return reply({ result: { tools: this.tools } });
    }
    if (request.method === 'prompts/list') {
      return reply({ result: { prompts: [{ name: 'dig' }] } });
    }
    const parsed: unknown = JSON.parse(text);
    const params = isJsonObject(parsed) && isJsonObject(parsed['params']) ? parsed['params'] : {};
    const meta = isJsonObject(params['_meta']) ? params['_meta'] : {};
    const arrived: Arrived = {
      method: request.method,
      params,
      meta,
      name: request.name,
      headers: this.era === 'modern' ? (request.paramHeaders?.() ?? {}) : {},
      options,
      text,
    };
    this.arrived.push(arrived);
    const answer = await this.#unlessAborted(arrived);
    return reply(isFailure(answer) ? { error: { ...answer.fails } } : { result: answer });
  }

  attach(): () => void {
    return () => undefined;
  }

  async setLogLevel(): Promise<void> {}
  async subscribe(): Promise<void> {}
  async unsubscribe(): Promise<void> {}
  async followTask(): Promise<void> {}
  async unfollowTask(): Promise<void> {}
  rootsChanged(): void {}

  health(): UpstreamHealth {
    return { server: this.server, state: this.state, inFlight: 0, starts: 1, diagnosis: '' };
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #hop({ client }: RequestOptions): JsonObject {
    return this.era === 'handshake'
      ? {}
      : {
          [META.protocolVersion]: '2026-07-28',
          [META.clientCapabilities]: client?.capabilities ?? {},
          [META.clientInfo]: { name: 'gate' },
        };
  }

  async #unlessAborted(arrived: Arrived): Promise<Answer> {
    const { promise, reject } = Promise.withResolvers<never>();
    const onAbort = (): void => {
      reject(new UpstreamError('UPSTREAM_CANCELLED', 'Cancelled by the caller'));
    };
    arrived.options.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([this.answer(arrived), promise]);
    } finally {
      arrived.options.signal?.removeEventListener('abort', onAbort);
    }
  }
}

function isFailure(answer: Answer): answer is { readonly fails: RpcErrorBody } {
  return isJsonObject(answer['fails']);
}

/** The result of a call that went well. */
export const DONE: JsonObject = { content: [{ type: 'text', text: 'done' }] };
