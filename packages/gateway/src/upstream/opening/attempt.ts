import { MODERN_VERSIONS, RPC_ERRORS } from '@smcp/protocol';
import { Channel } from '../channel.ts';
import { HandshakeLink } from '../handshake/handshake-link.ts';
import type { Link, RequestOptions } from '../link.ts';
import { discover } from '../modern/discover.ts';
import { ModernLink } from '../modern/modern-link.ts';
import type { Transport } from '../transport.ts';
import { UpstreamError } from '../upstream-error.ts';
import type { UpstreamSpec } from '../upstream-spec.ts';
import type { OpenOptions } from './open-options.ts';
import { withinTime } from './within-time.ts';

/** How a link is made on a channel that is open. */
export type Opener<T extends Link | undefined> = (
  channel: Channel,
  limits: RequestOptions,
  spec: UpstreamSpec,
  options: OpenOptions,
) => Promise<T>;

/** Tries to reach a server by one transport, within its start time. What was started is ended again when that brings no link. */
export async function attempt<T extends Link | undefined>(
  spec: UpstreamSpec,
  transport: Transport,
  options: OpenOptions,
  opener: Opener<T>,
): Promise<T> {
  const channel = new Channel(spec.server, transport);
  const limits: RequestOptions = {
    timeoutMs: spec.startTimeoutMs,
    maxBytes: spec.maxResultBytes,
    signal: options.signal,
  };
  let link: T;
  try {
    link = await withinTime(spec.server, limits, async () => {
      await channel.open();
      return await opener(channel, limits, spec, options);
    });
  } catch (error) {
    const diagnosis = transport.diagnosis();
    await channel[Symbol.asyncDispose]();
    throw withDiagnosis(error, diagnosis);
  }
  if (link === undefined) {
    await channel[Symbol.asyncDispose]();
  }
  return link;
}

export const openHandshake: Opener<HandshakeLink> = async (channel, limits, spec, options) => {
  const link = new HandshakeLink(channel, { ...options, mayAsk: spec.mayAsk });
  await link.shakeHands(limits);
  return link;
};

/** Gives undefined when the server does not speak this era. */
export const openModern: Opener<ModernLink | undefined> = async (channel, limits, _spec, options) => {
  const description = await discover(channel, options.clientInfo, MODERN_VERSIONS[0], limits);
  return description === undefined ? undefined : new ModernLink(channel, { ...options, description });
};

const MODERN_CODES: ReadonlySet<number | undefined> = new Set([
  RPC_ERRORS.headerMismatch,
  RPC_ERRORS.missingClientCapability,
  RPC_ERRORS.unsupportedVersion,
  // There is no `initialize` in the modern era.
  RPC_ERRORS.methodNotFound,
]);

/** Whether a handshake failed in a way in which a modern server refuses it. */
export function saysModern(error: unknown): boolean {
  return error instanceof UpstreamError && MODERN_CODES.has(error.rpcCode);
}

export function notModern(spec: UpstreamSpec): UpstreamError {
  return new UpstreamError(
    'UPSTREAM_UNAVAILABLE',
    `Server "${spec.server}" does not speak MCP ${MODERN_VERSIONS[0]}, which its setting "era" wants`,
  );
}

function withDiagnosis(error: unknown, diagnosis: string): unknown {
  if (!(error instanceof UpstreamError) || diagnosis === '') {
    return error;
  }
  const { code, message, status, rpcCode } = error;
  return new UpstreamError(code, message, {
    cause: error,
    diagnosis,
    ...(status === undefined ? {} : { status }),
    ...(rpcCode === undefined ? {} : { rpcCode }),
  });
}
