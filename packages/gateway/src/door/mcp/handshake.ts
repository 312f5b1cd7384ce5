import { RPC_ERRORS, type JsonObject, type RequestId } from '@smcp/protocol';
import { HANDSHAKE_VERSIONS, isHandshakeVersion, UpstreamError } from '../../upstream/index.ts';
import type { Answer } from './answer.ts';
import { callerOf } from './caller.ts';
import type { Exchange } from './exchange.ts';
import { errorText, resultText } from './rpc-reply.ts';
import type { SessionStore } from './session-store.ts';

/** Answers `initialize`: opens a session and describes the endpoint. A session that the client does not learn of is ended again. */
export async function initialize(
  sessions: Pick<SessionStore, 'open' | 'end'>,
  exchange: Exchange,
  { id, params }: { readonly id: RequestId; readonly params: JsonObject },
  answer: Answer,
): Promise<void> {
  const { response, principal, endpoint, view } = exchange;
  const wanted = params['protocolVersion'];
  if (typeof wanted !== 'string') {
    const what = 'Parameter "protocolVersion" must be a string';
    answer.finish(errorText(id, RPC_ERRORS.invalidParams, what), 400);
    return;
  }
  const protocolVersion = isHandshakeVersion(wanted) ? wanted : HANDSHAKE_VERSIONS[0];
  const session = sessions.open(principal, endpoint, protocolVersion);
  if (session === undefined) {
    const what = 'Too many open sessions; end one or try later';
    answer.finish(errorText(id, RPC_ERRORS.rateLimited, what), 429);
    return;
  }
  try {
    const { capabilities, serverInfo, instructions } = await view.describe(callerOf(exchange, session));
    if (response.destroyed) {
      // Nobody will ever learn the id of this session.
      sessions.end(session);
      return;
    }
    session.capabilities = capabilities;
    answer.setHeader('mcp-session-id', session.id);
    answer.finish(
      resultText(id, {
        protocolVersion,
        capabilities,
        serverInfo,
        ...(instructions === undefined ? {} : { instructions }),
      }),
    );
  } catch (error) {
    sessions.end(session);
    if (!(error instanceof UpstreamError)) {
      throw error;
    }
    answer.finish(errorText(id, RPC_ERRORS.upstreamUnavailable, error.message), 502);
  }
}
