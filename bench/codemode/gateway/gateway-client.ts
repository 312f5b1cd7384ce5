import type { Endpoint } from '../../load/bench-client.ts';
import { HttpClient } from '../../load/http-client.ts';

interface Answer {
  readonly error?: { readonly message?: string };
  readonly result?: CallResult;
}

interface CallResult {
  readonly isError?: boolean;
  readonly content?: readonly { readonly text?: string }[];
  readonly structuredContent?: { readonly result?: unknown };
  readonly tools?: readonly unknown[];
}

/** One client at a door of the gateway. */
export class GatewayClient implements AsyncDisposable {
  readonly #client: HttpClient;
  #nextId = 1;

  private constructor(client: HttpClient) {
    this.#client = client;
  }

  static async open(endpoint: Extract<Endpoint, { kind: 'http' }>): Promise<GatewayClient> {
    return new GatewayClient(await HttpClient.open(endpoint));
  }

  /** Tools as `tools/list` gives them. */
  async tools(): Promise<readonly unknown[]> {
    const { tools } = await this.#ask('tools/list', {});
    return tools ?? [];
  }

  /** Makes a plain call; gives the text of its result. */
  async call(name: string, args: Readonly<Record<string, unknown>>): Promise<string> {
    const { content } = await this.#ask('tools/call', { name, arguments: args });
    return content?.[0]?.text ?? '';
  }

  /** Runs a script; gives what it returned. */
  async execute(code: string): Promise<unknown> {
    const { structuredContent } = await this.#ask('tools/call', {
      name: 'smcp_execute',
      arguments: { code },
    });
    return structuredContent?.result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]();
  }

  async #ask(method: string, params: unknown): Promise<CallResult> {
    const id = this.#nextId++;
    const text = await this.#client.request(id, JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    const { error, result } = JSON.parse(text) as Answer;
    if (error !== undefined || result === undefined || result.isError === true) {
      const told = error?.message ?? result?.content?.[0]?.text ?? 'no result';
      throw new Error(`${method} failed: ${told.slice(0, 500)}`);
    }
    return result;
  }
}
