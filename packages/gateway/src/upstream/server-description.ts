import { isJsonObject, type JsonObject } from '@smcp/protocol';
import { isHandshakeVersion } from './protocol-version.ts';
import { UpstreamError } from './upstream-error.ts';

/** What a server says of itself in the handshake. */
export interface ServerDescription {
  readonly protocolVersion: string;
  readonly capabilities: JsonObject;
  readonly serverInfo: JsonObject;
  readonly instructions: string | undefined;
}

const EMPTY: JsonObject = Object.freeze({});

/**
 * Reads the result of `initialize`. Members of the wrong shape count as absent.
 *
 * @throws {UpstreamError} `UPSTREAM_UNAVAILABLE` when the server speaks no version that we know.
 */
export function readDescription(name: string, result: JsonObject): ServerDescription {
  const { protocolVersion, capabilities, serverInfo, instructions } = result;
  if (!isHandshakeVersion(protocolVersion)) {
    throw new UpstreamError('UPSTREAM_UNAVAILABLE', `Server "${name}" speaks an unknown protocol version`);
  }
  return Object.freeze({
    protocolVersion,
    capabilities: isJsonObject(capabilities) ? capabilities : EMPTY,
    serverInfo: isJsonObject(serverInfo) ? serverInfo : EMPTY,
    instructions: typeof instructions === 'string' ? instructions : undefined,
  });
}
