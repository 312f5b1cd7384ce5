import {
  HANDSHAKE_VERSIONS,
  isHandshakeVersion,
  MODERN_VERSIONS,
  RPC_ERRORS,
  type RequestId,
} from '@smcp/protocol';
import { hasHeader, singleHeader } from '../../http/http-door.ts';
import type { Exchange } from '../exchange.ts';
import { refuse } from '../refuse.ts';
import type { McpSession } from './mcp-session.ts';
import type { SessionStore } from './session-store.ts';

/**
 * The session that the headers of a request name, at its endpoint and of its principal. Undefined when there is none, or the request speaks another
 * version: then it has been refused. A client that belongs to no session is told which versions there are, so that one that has modern ones uses them.
 *
 * @param id Of the message that is refused; null when there is none.
 */
export function ifSession(
  sessions: Pick<SessionStore, 'find'>,
  { request, response, principal, endpoint }: Exchange,
  id: RequestId | null,
): McpSession | undefined {
  const version = singleHeader(request, 'mcp-protocol-version');
  if (hasHeader(request, 'mcp-protocol-version') && !isHandshakeVersion(version)) {
    const what = `Unsupported protocol version; supported: ${SUPPORTED.join(', ')}`;
    const data = { supported: SUPPORTED, ...(version === undefined ? {} : { requested: version }) };
    refuse(response, 400, RPC_ERRORS.unsupportedVersion, what, {}, id, data);
    return undefined;
  }
  const sessionId = singleHeader(request, 'mcp-session-id');
  if (sessionId === undefined) {
    const what = 'Header Mcp-Session-Id is missing: send initialize first, or describe the request in _meta';
    refuse(response, 400, RPC_ERRORS.unsupportedVersion, what, {}, id, { supported: SUPPORTED });
    return undefined;
  }
  const session = sessions.find(sessionId, endpoint, principal);
  if (session === undefined) {
    refuse(response, 404, RPC_ERRORS.sessionUnknown, 'Session not found: send initialize again', {}, id);
  }
  return session;
}

const SUPPORTED: readonly string[] = [...MODERN_VERSIONS, ...HANDSHAKE_VERSIONS];
