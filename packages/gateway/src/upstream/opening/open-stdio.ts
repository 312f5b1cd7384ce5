import { MODERN_VERSIONS } from '@smcp/protocol';
import type { Link } from '../link.ts';
import { discover } from '../modern/discover.ts';
import { ModernLink } from '../modern/modern-link.ts';
import { StdioTransport } from '../stdio/stdio-transport.ts';
import { UpstreamError } from '../upstream-error.ts';
import type { StdioSpec } from '../upstream-spec.ts';
import { attempt, notModern, openHandshake, openModern, saysModern, type Opener } from './attempt.ts';
import type { OpenOptions } from './open-options.ts';

/** How long a server may be silent after being asked what it is, before it is offered a handshake. */
const PROBE_MS = 3000;

/**
 * Starts a program and reaches it in the era that is set, or else in the one that it turns out to speak: it is asked what it is, and unless it says
 * that it is modern, the same process is offered a handshake. A program that ends because it was asked is started once more.
 */
export async function openStdio(spec: StdioSpec, options: OpenOptions): Promise<Link> {
  const { eras } = options;
  const start = async <T extends Link | undefined>(opener: Opener<T>): Promise<T> =>
    await attempt(spec, makeTransport(spec), options, opener);
  if (spec.era === 'handshake') {
    return await start(openHandshake);
  }
  if (spec.era === 'modern') {
    const link = await start(openModern);
    if (link === undefined) {
      throw notModern(spec);
    }
    return link;
  }
  if (eras.shakesHands(spec)) {
    try {
      return await start(openHandshake);
    } catch (error) {
      if (!saysModern(error)) {
        throw error;
      }
      eras.forget(spec);
    }
  }
  try {
    return await start(openEither);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.code !== 'UPSTREAM_LOST') {
      throw error;
    }
  }
  const link = await start(openHandshake);
  eras.note(spec);
  return link;
}

const openEither: Opener<Link> = async (channel, limits, spec, options) => {
  const silence = new AbortController();
  const probe = discover(channel, options.clientInfo, MODERN_VERSIONS[0], {
    ...limits,
    signal: silence.signal,
  });
  try {
    const first = await Promise.race([probe, silenceOf(Math.min(PROBE_MS, limits.timeoutMs / 2), probe)]);
    if (first !== 'silence') {
      return first === undefined
        ? await openHandshake(channel, limits, spec, options)
        : new ModernLink(channel, { ...options, description: first });
    }
    const link = await ifShaken(openHandshake(channel, limits, spec, options));
    if ('error' in link) {
      // A modern server that was slow to start has both requests by now, and answers the first.
      const description = await probe;
      if (description === undefined) {
        throw link.error;
      }
      return new ModernLink(channel, { ...options, description });
    }
    options.eras.note(spec);
    return link.link;
  } finally {
    // Whatever it would still answer is of no use.
    probe.catch(() => undefined);
    silence.abort();
  }
};

/** Rejects when the handshake fails in any other way than a modern server refuses it. */
async function ifShaken(
  opening: Promise<Link>,
): Promise<{ readonly link: Link } | { readonly error: unknown }> {
  try {
    return { link: await opening };
  } catch (error) {
    if (!saysModern(error)) {
      throw error;
    }
    return { error };
  }
}

/** Resolves after the time, unless the answer comes before. */
async function silenceOf(ms: number, answer: Promise<unknown>): Promise<'silence'> {
  const { promise, resolve } = Promise.withResolvers<'silence'>();
  const timer = setTimeout(() => {
    resolve('silence');
  }, ms);
  const stop = (): void => {
    clearTimeout(timer);
  };
  answer.then(stop, stop);
  return await promise;
}

function makeTransport(spec: StdioSpec): StdioTransport {
  return new StdioTransport({ ...spec, name: spec.server, maxLineBytes: spec.maxResultBytes });
}
