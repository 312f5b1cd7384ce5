import { MODERN_VERSIONS } from '@smcp/protocol';
import { ModernTransport } from '../http/modern-transport.ts';
import { SseTransport } from '../http/sse-transport.ts';
import { StreamableTransport } from '../http/streamable-transport.ts';
import type { Link } from '../link.ts';
import { UpstreamError } from '../upstream-error.ts';
import type { HttpSpec } from '../upstream-spec.ts';
import { attempt, notModern, openHandshake, openModern, saysModern, type Opener } from './attempt.ts';
import type { OpenOptions } from './open-options.ts';

// Answers of an older HTTP+SSE server to the POST of a newer client.
const NOT_STREAMABLE: ReadonlySet<number> = new Set([400, 404, 405, 406, 415]);

/** Reaches a server over HTTP, in the era that is set, or else in the one that it turns out to speak. */
export async function openHttp(spec: HttpSpec, options: OpenOptions): Promise<Link> {
  const { eras } = options;
  if (spec.era === 'handshake' || spec.transport === 'sse') {
    return await reachByHandshake(spec, options);
  }
  if (spec.era === 'modern') {
    const link = await reachModern(spec, options, openModern);
    if (link === undefined) {
      throw notModern(spec);
    }
    return link;
  }
  if (!eras.shakesHands(spec)) {
    const link =
      (await reachModern(spec, options, openModernInHalf)) ?? (await reachByHandshake(spec, options));
    if (link.description.era === 'handshake') {
      eras.note(spec);
    }
    return link;
  }
  try {
    return await reachByHandshake(spec, options);
  } catch (error) {
    if (!saysModern(error)) {
      throw error;
    }
    eras.forget(spec);
    const link = await reachModern(spec, options, openModern);
    if (link === undefined) {
      throw error;
    }
    return link;
  }
}

/** Leaves time for the handshake with a server that does not answer what it does not know. */
const openModernInHalf: Opener<Link | undefined> = async (channel, limits, spec, options) =>
  await openModern(channel, { ...limits, timeoutMs: limits.timeoutMs / 2 }, spec, options);

async function reachModern(
  spec: HttpSpec,
  options: OpenOptions,
  opener: Opener<Link | undefined>,
): Promise<Link | undefined> {
  return await attempt(
    spec,
    new ModernTransport(toServer(spec, options), MODERN_VERSIONS[0]),
    options,
    opener,
  );
}

async function reachByHandshake(spec: HttpSpec, options: OpenOptions): Promise<Link> {
  const server = toServer(spec, options);
  const older = async (): Promise<Link> =>
    await attempt(spec, new SseTransport(server, spec.maxResultBytes), options, openHandshake);
  if (spec.transport === 'sse') {
    return await older();
  }
  try {
    return await attempt(spec, new StreamableTransport(server), options, openHandshake);
  } catch (error) {
    if (!mayBeOlder(spec, error)) {
      throw error;
    }
    try {
      return await older();
    } catch {
      // It speaks neither; the answer to the first attempt tells more.
      throw error;
    }
  }
}

function mayBeOlder(spec: HttpSpec, error: unknown): boolean {
  return (
    spec.transport === 'auto' &&
    error instanceof UpstreamError &&
    error.status !== undefined &&
    NOT_STREAMABLE.has(error.status)
  );
}

function toServer(
  { server, url, headers }: HttpSpec,
  { pool }: OpenOptions,
): ConstructorParameters<typeof StreamableTransport>[0] {
  return { name: server, url, headers, pool };
}
