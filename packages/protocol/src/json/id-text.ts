import type { RequestId } from '../jsonrpc/messages.ts';

/** @throws {TypeError} When the id is neither a string nor a safe integer. */
export function toIdText(id: RequestId): string {
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) {
    throw new TypeError('A request id must be a string or a safe integer');
  }
  return JSON.stringify(id);
}
