import { RPC_ERRORS, type RequestId } from '@smcp/protocol';
import { HANDSHAKE_VERSIONS, isHandshakeVersion } from '../../upstream/index.ts';
import { singleHeader } from '../http/http-door.ts';
import type { Exchange } from './exchange.ts';
import type { McpSession } from './mcp-session.ts';
import { refuse } from './refuse.ts';
import type { SessionStore } from './session-store.ts';

/**
 * The session that the headers of a request name, at its endpoint and of its principal. Undefined when there is none, or the request speaks another
 * version: then it has been refused.
 *
 * @param id Of the message that is refused; null when there is none.
 */
export function ifSession(
  sessions: Pick<SessionStore, 'find'>,
  { request, response, principal, endpoint }: Exchange,
  id: RequestId | null,
): McpSession | undefined {
  const version = singleHeader(request, 'mcp-protocol-version');
  if (request.headers['mcp-protocol-version'] !== undefined && !isHandshakeVersion(version)) {
    const what = `Unsupported protocol version; supported: ${HANDSHAKE_VERSIONS.join(', ')}`;
    refuse(response, 400, RPC_ERRORS.invalidRequest, what, {}, id);
    return undefined;
  }
  const sessionId = singleHeader(request, 'mcp-session-id');
  if (sessionId === undefined) {
    const what = 'Header Mcp-Session-Id is missing: send initialize first';
    refuse(response, 400, RPC_ERRORS.invalidRequest, what, {}, id);
    return undefined;
  }
  const session = sessions.find(sessionId, endpoint, principal);
  if (session === undefined) {
    refuse(response, 404, RPC_ERRORS.sessionUnknown, 'Session not found: send initialize again', {}, id);
  }
  return session;
}
