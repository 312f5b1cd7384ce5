import {
  HANDSHAKE_VERSIONS,
  isHandshakeVersion,
  isJsonObject,
  RPC_ERRORS,
  type JsonObject,
  type RequestId,
} from '@smcp/protocol';
import { UpstreamError } from '../../../upstream/index.ts';
import { handshakeCapabilities } from '../../../view/index.ts';
import type { Answer } from '../answer.ts';
import { callerOf } from '../caller.ts';
import type { Exchange } from '../exchange.ts';
import { errorText, resultText } from '../rpc-reply.ts';
import { askableCapabilities } from './client-capabilities.ts';
import type { SessionStore } from './session-store.ts';

const NOTHING: JsonObject = Object.freeze({});

/** Answers `initialize`: opens a session and describes the endpoint. A session that the client does not learn of is ended again. */
export async function initialize(
  sessions: Pick<SessionStore, 'open' | 'end'>,
  exchange: Exchange,
  { id, params }: { readonly id: RequestId; readonly params: JsonObject },
  answer: Answer,
): Promise<void> {
  const { response, principal, endpoint, view } = exchange;
  const { protocolVersion: wanted, capabilities: declared } = params;
  if (typeof wanted !== 'string') {
    const what = 'Parameter "protocolVersion" must be a string';
    answer.finish(errorText(id, RPC_ERRORS.invalidParams, what), 400);
    return;
  }
  const protocolVersion = isHandshakeVersion(wanted) ? wanted : HANDSHAKE_VERSIONS[0];
  const askable = askableCapabilities(isJsonObject(declared) ? declared : NOTHING, protocolVersion);
  const session = sessions.open(principal, endpoint, { protocolVersion, askable });
  if (session === undefined) {
    const what = 'Too many open sessions; end one or try later';
    answer.finish(errorText(id, RPC_ERRORS.rateLimited, what), 429);
    return;
  }
  try {
    const described = await view.describe(callerOf(exchange, session));
    if (response.destroyed) {
      // Nobody will ever learn the id of this session.
      sessions.end(session);
      return;
    }
    const { serverInfo, instructions } = described;
    const capabilities = handshakeCapabilities(described.capabilities);
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
