import { RPC_ERRORS, type JsonObject } from '@smcp/protocol';
import { reasonOf } from '../../../lib/reason-of.ts';
import type { Logger } from '../../../telemetry/telemetry.ts';
import { callerOf } from '../caller.ts';
import { doorOf } from '../endpoint.ts';
import type { Exchange } from '../exchange.ts';
import { errorText } from '../rpc-reply.ts';
import type { McpSession } from './mcp-session.ts';
import type { ClientResponse } from './open-questions.ts';
import { answerMethod, type MethodContext } from './methods.ts';

const CANCELLED_BY_CLIENT = 'notifications/cancelled';

/** One request as it was sent in a session, and what it needs. */
export type SessionRequest = Omit<MethodContext, 'view' | 'caller' | 'signal' | 'door'>;

/**
 * Runs one request of a session and answers it, with an error when its id is in flight already. It is aborted when the client goes away or cancels
 * it. What fails is logged and answered as an internal error.
 */
export async function runRequest(exchange: Exchange, asked: SessionRequest, logger: Logger): Promise<void> {
  const { response, view } = exchange;
  const { session, id, method, answer } = asked;
  if (session.inFlight.has(id)) {
    answer.finish(errorText(id, RPC_ERRORS.invalidRequest, 'A request with this id is in flight'), 400);
    return;
  }
  const controller = new AbortController();
  session.inFlight.set(id, controller);
  const onClose = (): void => {
    if (!response.writableFinished) {
      controller.abort();
    }
  };
  response.once('close', onClose);
  try {
    const caller = callerOf(exchange, session);
    const { text, status } = await answerMethod({
      ...asked,
      view,
      caller,
      door: doorOf(exchange.place),
      signal: controller.signal,
    });
    if (controller.signal.reason === CANCELLED_BY_CLIENT) {
      answer.finishCancelled(text);
    } else {
      answer.finish(text, status);
    }
  } catch (error) {
    logger.error('request failed', { method, reason: reasonOf(error) });
    answer.finish(errorText(id, RPC_ERRORS.internal, 'Internal error'), 500);
  } finally {
    answer.drop();
    session.inFlight.delete(id);
  }
}

/** Takes a notification of a client: a request that it cancels is aborted, servers are told of changed folders, every other is of no interest here. */
export function takeNotification(
  session: McpSession,
  { method, params }: { readonly method: string; readonly params: JsonObject | undefined },
): void {
  if (method === CANCELLED_BY_CLIENT) {
    const id = params?.['requestId'];
    if (typeof id === 'string' || typeof id === 'number') {
      session.inFlight.get(id)?.abort(CANCELLED_BY_CLIENT);
    }
  } else if (method === 'notifications/roots/list_changed' && session.askable['roots'] !== undefined) {
    session.rootsChanged();
  }
}

/** Takes the answer to a question that was put to the client. One that answers nothing is dropped, and said to be only in the log. */
export function takeResponse(session: McpSession, response: ClientResponse, logger: Logger): void {
  if (!session.questions.answer(response)) {
    logger.debug('response to no open question', { session: session.id });
  }
}
