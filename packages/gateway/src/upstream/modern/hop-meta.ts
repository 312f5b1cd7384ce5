import { META, type JsonObject } from '@smcp/protocol';
import type { ClientFacts } from '../outgoing-request.ts';

const NO_CAPABILITIES: JsonObject = Object.freeze({});

/** Who the gateway is, towards servers. */
export interface ClientInfo {
  readonly name: string;
  readonly version: string;
}

/** What a request says of this hop in its `_meta`: our version and name, and what the client behind it can do. */
export function hopMeta(
  protocolVersion: string,
  { name, version }: ClientInfo,
  client: ClientFacts | undefined,
): JsonObject {
  const meta = {
    [META.protocolVersion]: protocolVersion,
    [META.clientCapabilities]: client?.capabilities ?? NO_CAPABILITIES,
    [META.clientInfo]: { name, version },
  };
  return client?.logLevel === undefined ? meta : { ...meta, [META.logLevel]: client.logLevel };
}
