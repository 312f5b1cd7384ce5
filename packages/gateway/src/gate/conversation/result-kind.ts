import type { RpcResponse } from '@smcp/protocol';

/** Errors of a server that speak to the gateway and not, as they are, to its caller. */
export const SERVER_ERRORS = {
  headerMismatch: -32020,
  missingClientCapability: -32021,
  /** Of MCP 2025-11-25: `data.elicitations` are pages to visit before the call is made again. */
  urlElicitationRequired: -32042,
} as const;

const SPEAKS_TO_GATEWAY: ReadonlySet<number> = new Set(Object.values(SERVER_ERRORS));

/** Methods that may be answered with a question. */
export const ASKING_METHODS: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** Whether an answer is one that goes to the caller as it is, which nearly all are. */
export function isPlain(message: RpcResponse): boolean {
  if ('error' in message) {
    return !SPEAKS_TO_GATEWAY.has(message.error.code);
  }
  const type = message.result['resultType'];
  return type === undefined || type === 'complete';
}
