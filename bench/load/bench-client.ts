/** One client with its own session, as bare as possible: what it costs is part of every figure. */
export interface BenchClient extends AsyncDisposable {
  /**
   * Sends one JSON-RPC request and waits for the text of its answer.
   *
   * @throws {LoadError} When there is no answer, whose `kind` says why.
   */
  request(id: number, text: string): Promise<string>;
}

/** A call that failed for a reason worth counting. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
  /** Few different values, such as `HTTP 503` or `ECONNRESET`. */
  readonly kind: string;

  constructor(kind: string, options?: ErrorOptions) {
    super(kind, options);
    this.kind = kind;
  }
}

export type Endpoint =
  | { readonly kind: 'http'; readonly url: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'stdio'; readonly args: readonly string[] };

export const HANDSHAKE = {
  initialize: (id: number): string =>
    JSON.stringify({
      jsonrpc: '2.0',
      id,
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'smcp-bench', version: '1.0.0' },
      },
    }),
  initialized: '{"jsonrpc":"2.0","method":"notifications/initialized"}',
} as const;

/** Version that the server chose; what comes after the handshake carries it. */
export function agreedVersion(answer: string): string {
  const message = JSON.parse(answer) as { readonly result?: { readonly protocolVersion?: string } };
  if (message.result?.protocolVersion === undefined) {
    throw new LoadError(`handshake refused: ${answer.slice(0, 200)}`);
  }
  return message.result.protocolVersion;
}
