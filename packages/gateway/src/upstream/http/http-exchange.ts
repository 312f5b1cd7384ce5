import { Agent, type Dispatcher } from 'undici';
import type { Abortable } from '../exchange.ts';
import { HttpAnswer } from './http-answer.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;

/** Pooled keep-alive connections to upstreams. Redirects are never followed: they could carry credentials to another place. */
export function createHttpPool(): Dispatcher {
  return new Agent({
    // Said here, because Node lets a variable of the environment say otherwise for everybody.
    connect: { timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: true },
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Each session keeps a stream open, so a bound here would make calls wait for ever. Sessions and calls have bounds of their own.
    connections: null,
    pipelining: 1,
    // Deadlines belong to the call; streams may be silent for long.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** Names and values in turn, as undici takes them fastest. */
export type HttpHeaders = string[];

export interface HttpServer {
  readonly name: string;
  readonly url: URL;
  /** Credentials and other headers of every request to this server. */
  readonly headers: Readonly<Record<string, string>>;
  readonly pool: Dispatcher;
}

/** An address, taken apart once. */
export interface HttpTarget {
  readonly origin: string;
  readonly path: string;
}

export function toTarget(url: URL): HttpTarget {
  return { origin: url.origin, path: url.pathname + url.search };
}

export interface HttpMessage {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: HttpHeaders;
  readonly body?: string;
  /** Ends the exchange early. */
  readonly until?: Abortable | undefined;
}

/**
 * One exchange; resolves with its head.
 *
 * @throws {UpstreamError} `UPSTREAM_UNAVAILABLE` before the request was written, `UPSTREAM_LOST` after, `UPSTREAM_CANCELLED` when ended early.
 */
export async function exchange(
  { name, pool }: Pick<HttpServer, 'name' | 'pool'>,
  { origin, path }: HttpTarget,
  { method, headers, body, until }: HttpMessage,
): Promise<HttpAnswer> {
  const answer = new HttpAnswer(name, until);
  pool.dispatch({ origin, path, method, headers, body: body ?? null }, answer);
  return await answer.head;
}

/** A record as names and values in turn. */
export function flatHeaders(...records: readonly Readonly<Record<string, string>>[]): string[] {
  return records.flatMap((record) => Object.entries(record).flat());
}
