import { RPC_ERRORS, type JsonDocument, type JsonObject, type RequestId } from '@smcp/protocol';
import type { Gate } from '../../../gate/index.ts';
import { reasonOf } from '../../../lib/reason-of.ts';
import type { Logger } from '../../../telemetry/telemetry.ts';
import { UpstreamError } from '../../../upstream/index.ts';
import type { Answer } from '../answer.ts';
import { callerOf } from '../caller.ts';
import type { Exchange } from '../exchange.ts';
import { unknownMethod } from '../rpc-reply.ts';
import { readEnvelope, versionFault, type Envelope } from './envelope.ts';
import type { RequestFault } from './fault.ts';
import { methodHeaderFault, nameHeaderFault, versionHeaderFault } from './header-agreement.ts';
import { runListen, type ListenDeps } from './listen/run-listen.ts';
import type { ModernContext } from './modern-context.ts';
import { answerModern, isModernMethod, LISTEN } from './modern-methods.ts';
import { errorAnswer, type ModernAnswer } from './modern-reply.ts';
import type { ResultWriter } from './result-text.ts';

const NO_PARAMS: JsonObject = Object.freeze({});

/** One request that describes itself. */
export interface ModernRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject | undefined;
  readonly document: JsonDocument;
}

export interface ModernDeps extends ListenDeps {
  readonly gate: Gate;
  readonly results: ResultWriter;
  readonly logger: Logger;
  readonly showReasons: boolean;
  readonly stepUp: (scopes: readonly string[]) => string;
}

/**
 * Answers one request of MCP 2026-07-28. It is aborted when the client closes the connection, which is how such a client cancels. What fails is logged and
 * answered as an internal error.
 */
export async function runModern(
  exchange: Exchange,
  asked: ModernRequest,
  answer: Answer,
  deps: ModernDeps,
): Promise<void> {
  const { id, method } = asked;
  const read = checked(exchange, asked);
  if ('fault' in read) {
    const { status, ...error } = read.fault;
    give(answer, errorAnswer(id, error, status));
    return;
  }
  const controller = new AbortController();
  const { response } = exchange;
  response.once('close', () => {
    if (!response.writableFinished) {
      controller.abort();
    }
  });
  const { params = NO_PARAMS, document } = asked;
  const context: ModernContext = {
    ...deps,
    exchange,
    caller: callerOf(exchange),
    id,
    method,
    params,
    document,
    envelope: read.envelope,
    answer,
    signal: controller.signal,
  };
  try {
    const given = method === LISTEN ? await runListen(context, deps) : await answerModern(context);
    if (given !== undefined) {
      give(answer, given);
    }
  } catch (error) {
    give(answer, failure(asked, error, deps.logger));
  } finally {
    answer.drop();
  }
}

/** Looks at everything that can be wrong before it matters what is asked for, in the order in which a client can mend it. */
function checked(
  { request }: Exchange,
  { method, params = NO_PARAMS }: ModernRequest,
): { readonly envelope: Envelope } | { readonly fault: RequestFault } {
  const read = readEnvelope(params);
  if (!read.ok) {
    return read;
  }
  const { envelope } = read;
  const fault =
    versionHeaderFault(request, envelope.version) ??
    versionFault(envelope) ??
    methodHeaderFault(request, method) ??
    methodFault(method) ??
    nameHeaderFault(request, method, params);
  return fault === undefined ? { envelope } : { fault };
}

function failure({ id, method }: ModernRequest, error: unknown, logger: Logger): ModernAnswer {
  if (error instanceof UpstreamError) {
    const body = { code: RPC_ERRORS.upstreamUnavailable, message: error.message };
    // A client that looks for the era of the gateway must not take its server's failure for an answer.
    return errorAnswer(id, body, method === 'server/discover' ? 502 : 200);
  }
  logger.error('request failed', { method, reason: reasonOf(error) });
  return errorAnswer(id, { code: RPC_ERRORS.internal, message: 'Internal error' }, 500);
}

function methodFault(method: string): RequestFault | undefined {
  return isModernMethod(method) ? undefined : { status: 404, ...unknownMethod(method) };
}

function give(answer: Answer, { text, status, headers = {} }: ModernAnswer): void {
  for (const [name, value] of Object.entries(headers)) {
    answer.setHeader(name, value);
  }
  answer.finish(text, status);
}
