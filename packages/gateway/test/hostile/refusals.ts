import { RPC_ERRORS } from '@smcp/protocol';
import type { Refusal } from './bad-request.ts';

/** The refusals that many entries share, in words of the door that gives them. */

export function notJsonRpc(message: string, id?: number): Refusal {
  return { status: 400, rpcCode: RPC_ERRORS.invalidRequest, message, ...(id === undefined ? {} : { id }) };
}

export function unreadable(message: string): Refusal {
  return { status: 400, rpcCode: RPC_ERRORS.parse, message };
}

/** A JSON-RPC error in an answer that HTTP calls a success. */
export function answered(rpcCode: number, message: string): Refusal {
  return { status: 200, rpcCode, message, id: 1 };
}

export function invalidParams(message: string): Refusal {
  return answered(RPC_ERRORS.invalidParams, message);
}

/** No session of this caller at this endpoint. `id` is that of the request, if it was one. */
export function noSession(id?: number): Refusal {
  const message = 'Session not found: send initialize again';
  return { status: 404, rpcCode: RPC_ERRORS.sessionUnknown, message, ...(id === undefined ? {} : { id }) };
}

export const NOT_FOUND: Refusal = { status: 404, message: 'Not found' };

/** What the HTTP parser itself refuses: the status and nothing else, and the connection ends. */
export function dropped(status: 400 | 408 | 431): Refusal {
  return { status, message: '', headers: { connection: 'close' } };
}

export const NO_CREDENTIAL: Refusal = {
  status: 401,
  rpcCode: RPC_ERRORS.unauthenticated,
  message: 'Authentication is required: send `Authorization: Bearer <token>`',
  headers: { 'www-authenticate': 'Bearer realm="smcp"', connection: 'close' },
};

/** A refused login: the caller learns `message`, the operator `code` and `detail`. */
export function loginRefused(message: string, code: string, detail: string): Refusal {
  return {
    status: 401,
    rpcCode: RPC_ERRORS.unauthenticated,
    message,
    headers: {
      'www-authenticate': `Bearer realm="smcp", error="invalid_token", error_description="${message}"`,
      connection: 'close',
    },
    logged: { code, detail },
  };
}

const NOT_VALID = 'The credential is not valid (expired or unknown)';

/** One answer for every token that is no good, whatever is wrong with it. */
export function badToken(code: string, detail: string): Refusal {
  return loginRefused(NOT_VALID, code, detail);
}
