import type { IncomingMessage } from 'node:http';
import { ifHeaderValue, RPC_ERRORS, type JsonObject } from '@smcp/protocol';
import { hasHeader, singleHeader } from '../../http/http-door.ts';
import type { RequestFault } from './fault.ts';

/** Where the value stands that `Mcp-Name` repeats, by method. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);

/** What is wrong when the header does not name the version that the body names. */
export function versionHeaderFault(request: IncomingMessage, version: string): RequestFault | undefined {
  return compare(request, 'MCP-Protocol-Version', version, (value) => value);
}

/** What is wrong when the header does not name the method of the body. */
export function methodHeaderFault(request: IncomingMessage, method: string): RequestFault | undefined {
  return compare(request, 'Mcp-Method', method, (value) => value);
}

/**
 * What is wrong when the header does not name what the body names. A method whose parameters have nothing that could be named there is not looked at; what
 * is wrong with those is found later.
 */
export function nameHeaderFault(
  request: IncomingMessage,
  method: string,
  params: JsonObject,
): RequestFault | undefined {
  const member = NAMED.get(method);
  const name = member === undefined ? undefined : params[member];
  return typeof name === 'string' ? compare(request, 'Mcp-Name', name, ifHeaderValue) : undefined;
}

/** One that came twice agrees with nothing: two readers could take two different ones for the value. */
function compare(
  request: IncomingMessage,
  header: string,
  expected: string,
  decode: (value: string) => string | undefined,
): RequestFault | undefined {
  const name = header.toLowerCase();
  if (!hasHeader(request, name)) {
    return mismatch(`Header ${header} is missing`);
  }
  const value = singleHeader(request, name);
  if (value === undefined) {
    return mismatch(`Header ${header} came more than once`);
  }
  const decoded = decode(value);
  if (decoded === undefined) {
    return mismatch(`Header ${header} cannot be decoded`);
  }
  return decoded === expected ? undefined : mismatch(`Header ${header} differs from the body`);
}

export function mismatch(message: string): RequestFault {
  return { status: 400, code: RPC_ERRORS.headerMismatch, message };
}
