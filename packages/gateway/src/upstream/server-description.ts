import {
  isHandshakeVersion,
  isJsonObject,
  isModernVersion,
  META,
  MODERN_VERSIONS,
  type Era,
  type JsonObject,
  type JsonValue,
  type ModernVersion,
} from '@smcp/protocol';
import { UpstreamError } from './upstream-error.ts';

/** What a server says of itself, in the handshake or when it is discovered. */
export interface ServerDescription {
  readonly era: Era;
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
  return describe('handshake', protocolVersion, capabilities, serverInfo, instructions);
}

/** Reads the result of `server/discover`, for the version that was agreed. Members of the wrong shape count as absent. */
export function readDiscovery(version: ModernVersion, result: JsonObject): ServerDescription {
  const { capabilities, instructions, _meta: meta } = result;
  const serverInfo = isJsonObject(meta) ? meta[META.serverInfo] : undefined;
  return describe('modern', version, capabilities, serverInfo, instructions);
}

/** The newest modern version of a list that we speak as well. */
export function ifCommonVersion(versions: JsonValue | undefined): ModernVersion | undefined {
  return Array.isArray(versions)
    ? MODERN_VERSIONS.find((version) => versions.some((one) => isModernVersion(one) && one === version))
    : undefined;
}

function describe(
  era: Era,
  protocolVersion: string,
  capabilities: JsonValue | undefined,
  serverInfo: JsonValue | undefined,
  instructions: JsonValue | undefined,
): ServerDescription {
  return Object.freeze({
    era,
    protocolVersion,
    capabilities: isJsonObject(capabilities) ? capabilities : EMPTY,
    serverInfo: isJsonObject(serverInfo) ? serverInfo : EMPTY,
    instructions: typeof instructions === 'string' ? instructions : undefined,
  });
}
