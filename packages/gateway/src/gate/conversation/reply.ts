import type { JsonObject } from '@smcp/protocol';
import type { UpstreamReply } from '../../upstream/index.ts';

/** An answer that the gate itself writes, in the form of one that an upstream wrote. */
export function ownReply(result: JsonObject): UpstreamReply {
  const message = { jsonrpc: '2.0', id: 0, result } as const;
  return { text: JSON.stringify(message), message };
}

/** An error in the same form. */
export function ownError(error: { readonly code: number; readonly message: string }): UpstreamReply {
  const message = { jsonrpc: '2.0', id: 0, error } as const;
  return { text: JSON.stringify(message), message };
}

/** Asks a client that comes back by itself. */
export function inputRequired(inputRequests: JsonObject, requestState: string): UpstreamReply {
  return ownReply({ resultType: 'input_required', inputRequests, requestState });
}
