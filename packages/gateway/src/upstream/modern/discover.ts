import { RPC_ERRORS, type JsonObject, type RpcErrorBody } from '@smcp/protocol';
import type { Channel } from '../channel.ts';
import type { RequestOptions } from '../link.ts';
import { ownRequest } from '../outgoing-request.ts';
import { quoted } from '../quoted.ts';
import { ifCommonVersion, readDiscovery, type ServerDescription } from '../server-description.ts';
import { UpstreamError, type UpstreamErrorCode } from '../upstream-error.ts';
import { hopMeta, type ClientInfo } from './hop-meta.ts';

/** Statuses that say nothing about the era: they come from something in front of the server, or mean that it is not well. */
const SAYS_NOTHING: ReadonlySet<number> = new Set([401, 403, 407, 408, 429]);
/** Errors that come of what a server answers to something that it does not know. */
const ODD_ANSWER: ReadonlySet<UpstreamErrorCode> = new Set([
  'UPSTREAM_SESSION_LOST',
  'UPSTREAM_REFUSED',
  'UPSTREAM_PROTOCOL',
  'UPSTREAM_TIMEOUT',
]);

/**
 * Asks a server, in the form of MCP 2026-07-28, what it is.
 *
 * @param version The version that we ask for; the server may know it or not.
 * @returns Undefined when the answer, or its absence, shows that the server does not speak this version.
 * @throws {UpstreamError} when the answer says nothing about the era: the server could not be reached, wants other credentials, or is not well.
 *   `UPSTREAM_UNAVAILABLE` also when it is modern and refuses us.
 */
export async function discover(
  channel: Channel,
  clientInfo: ClientInfo,
  version: string,
  limits: RequestOptions,
): Promise<ServerDescription | undefined> {
  const answer = await ask(channel, hopMeta(version, clientInfo, undefined), limits);
  if (answer === undefined) {
    return undefined;
  }
  if ('result' in answer) {
    // Some servers answer anything with something.
    const common = ifCommonVersion(answer.result['supportedVersions']);
    return common === undefined ? undefined : readDiscovery(common, answer.result);
  }
  const { code, message } = answer.error;
  if (code === RPC_ERRORS.headerMismatch || code === RPC_ERRORS.missingClientCapability) {
    throw new UpstreamError(
      'UPSTREAM_UNAVAILABLE',
      `Server "${channel.name}" refused to be discovered: ${quoted(message)}`,
      { rpcCode: code },
    );
  }
  return undefined;
}

async function ask(
  channel: Channel,
  hop: JsonObject,
  limits: RequestOptions,
): Promise<{ readonly result: JsonObject } | { readonly error: RpcErrorBody } | undefined> {
  try {
    return (await channel.request(ownRequest('server/discover', {}), hop, limits)).message;
  } catch (error) {
    if (error instanceof UpstreamError && channel.closed === undefined && isOdd(error)) {
      return undefined;
    }
    throw error;
  }
}

function isOdd({ code, status, cause }: UpstreamError): boolean {
  // An exchange that ended as it should, but without an answer to this request.
  const isUnanswered = code === 'UPSTREAM_LOST' && status === undefined && cause === undefined;
  return isUnanswered || (ODD_ANSWER.has(code) && !(status !== undefined && SAYS_NOTHING.has(status)));
}
