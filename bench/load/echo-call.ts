/** A `tools/call` of `echo` whose text nobody else sends, and the answer that alone is right. */
export interface EchoCall {
  readonly id: number;
  readonly request: string;
  readonly expected: string;
}

export function createEchoCall(id: number, client: string): EchoCall {
  const message = `client ${client} call ${id}`;
  return {
    id,
    request: `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"echo","arguments":{"message":"${message}"}}}`,
    expected: `Echo: ${message}`,
  };
}

/** What is wrong with an answer, or undefined when it is the right one. */
export function ifWrong(call: EchoCall, answer: string): string | undefined {
  let message: unknown;
  try {
    message = JSON.parse(answer);
  } catch {
    return 'not JSON';
  }
  const { id, error, result } = (message ?? {}) as {
    readonly id?: unknown;
    readonly error?: { readonly code?: unknown };
    readonly result?: {
      readonly isError?: unknown;
      readonly content?: readonly { readonly text?: unknown }[];
    };
  };
  if (id !== call.id) {
    return 'wrong id';
  }
  if (error !== undefined) {
    return `JSON-RPC error ${String(error.code)}`;
  }
  return result?.isError !== true && result?.content?.[0]?.text === call.expected
    ? undefined
    : 'wrong result';
}
