import type { IncomingMessage } from 'node:http';
import {
  isJsonObject,
  isModernVersion,
  META,
  type ClassifiedMessage,
  type Era,
  type InvalidMessage,
  type JsonObject,
} from '@smcp/protocol';
import { singleHeader } from '../http/http-door.ts';

/**
 * Which era a message speaks. Modern is what names its version in `_meta`, or a modern one in the header, and `server/discover`. Anything else belongs
 * to a session, or opens one. The body counts for more than the header: whatever names a version in its body is never served as part of a session.
 *
 * Does not check that the request is right for its era.
 */
export function eraOf(request: IncomingMessage, message: Exclude<ClassifiedMessage, InvalidMessage>): Era {
  if (message.kind === 'response') {
    return 'handshake';
  }
  const { method, params } = message;
  const header = singleHeader(request, 'mcp-protocol-version');
  if (isModernVersion(header) || method === 'server/discover') {
    return 'modern';
  }
  const claim = claimOf(params);
  // A handshake that repeats its version in `_meta` is a handshake all the same.
  const isClaimed = method === 'initialize' ? isModernVersion(claim) : claim !== undefined;
  return isClaimed ? 'modern' : 'handshake';
}

function claimOf(params: JsonObject | undefined): unknown {
  const meta = params?.['_meta'];
  return isJsonObject(meta) && Object.hasOwn(meta, META.protocolVersion)
    ? meta[META.protocolVersion]
    : undefined;
}
