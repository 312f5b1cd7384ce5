import type { RequestId, RpcErrorBody } from '@smcp/protocol';
import { readMessage } from '../read-message.ts';

/** The JSON-RPC error that the body of an HTTP error holds, if it holds one. */
export function ifRpcError(
  body: string,
): { readonly id: RequestId | null; readonly error: RpcErrorBody } | undefined {
  const message = readMessage(body);
  return message?.kind === 'response' && 'error' in message ? message : undefined;
}
