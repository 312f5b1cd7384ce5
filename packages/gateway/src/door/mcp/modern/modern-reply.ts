import { RPC_ERRORS, spliceResponseId, type RequestId, type RpcErrorBody } from '@smcp/protocol';
import type { GateReply } from '../../../gate/index.ts';
import { errorText, refusalError, unknownError, withId, type Asked } from '../rpc-reply.ts';
import type { ResultWriter } from './result-text.ts';

/** The answer to a request with the HTTP status that it has while no stream is open. */
export interface ModernAnswer {
  readonly text: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const STATUS: ReadonlyMap<number, number> = new Map<number, number>([
  [RPC_ERRORS.methodNotFound, 404],
  [RPC_ERRORS.headerMismatch, 400],
  [RPC_ERRORS.missingClientCapability, 400],
  [RPC_ERRORS.unsupportedVersion, 400],
  [RPC_ERRORS.insufficientScope, 403],
  [RPC_ERRORS.rateLimited, 429],
]);

/** An error of the gateway. What is wrong with a call in itself is no failure of HTTP. */
export function errorAnswer(
  id: RequestId,
  { code, message, data }: RpcErrorBody,
  status = STATUS.get(code) ?? 200,
): ModernAnswer {
  return { text: errorText(id, code, message, data), status };
}

export interface ReplyOptions {
  readonly showReasons: boolean;
  readonly results: ResultWriter;
  /** Whether results of the method say how long they may be kept. */
  readonly cacheable: boolean;
  /** `WWW-Authenticate` for a call that lacks scopes. */
  readonly stepUp: (scopes: readonly string[]) => string;
}

/** The gate's reply for a client of MCP 2026-07-28. */
export function modernReply(asked: Asked, reply: GateReply, options: ReplyOptions): ModernAnswer {
  const { id } = asked;
  if (!reply.ok) {
    const error = refusalError(asked, reply, { showReasons: options.showReasons, era: 'modern' });
    return { ...errorAnswer(id, error), headers: refusalHeaders(reply, options) };
  }
  const { text, message } = reply;
  if ('result' in message) {
    return { text: options.results.relayed(id, { text, message }, options.cacheable), status: 200 };
  }
  const error = translated(asked, message.error);
  if (error !== message.error) {
    return errorAnswer(id, error, 200);
  }
  const status = error.code === RPC_ERRORS.missingClientCapability ? 400 : 200;
  return { text: spliceResponseId(text, id) ?? withId(reply, id), status };
}

const OLD_RESOURCE_NOT_FOUND = -32002;
const OLD_PAGE_REQUIRED = -32042;

/** Servers with a handshake use codes that mean nothing, or something else, to clients of 2026-07-28. */
function translated(asked: Asked, error: RpcErrorBody): RpcErrorBody {
  switch (error.code) {
    case OLD_RESOURCE_NOT_FOUND:
      return asked.kind === 'resource'
        ? unknownError(asked, 'modern')
        : { ...error, code: RPC_ERRORS.invalidParams };
    case OLD_PAGE_REQUIRED:
      return { ...error, code: RPC_ERRORS.invalidRequest };
    default:
      return error;
  }
}

function refusalHeaders(
  { code, retryAfterMs, scopes = [] }: Extract<GateReply, { readonly ok: false }>,
  { stepUp }: ReplyOptions,
): Readonly<Record<string, string>> {
  return {
    ...(retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
    ...(code === 'INSUFFICIENT_SCOPE' ? { 'www-authenticate': stepUp(scopes) } : {}),
  };
}
