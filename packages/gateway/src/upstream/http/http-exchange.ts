import { Agent, errors, type Dispatcher } from 'undici';
import { UpstreamError } from '../upstream-error.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;
const MAX_ERROR_BODY_BYTES = 16 * 1024;
/** How long a body that only serves diagnosis, or nothing at all, is waited for. */
const ASIDE_BODY_MS = 500;

/** Pooled keep-alive connections to upstreams. Redirects are never followed: they could carry credentials to another place. */
export function createHttpPool(): Dispatcher {
  return new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Each session keeps a stream open, so a bound here would make calls wait for ever. Sessions and calls have bounds of their own.
    connections: null,
    pipelining: 1,
    // Deadlines belong to the call; streams may be silent for long.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

export type HttpHeaders = Readonly<Record<string, string>>;

export interface HttpServer {
  readonly name: string;
  readonly url: URL;
  /** Credentials and other headers of every request to this server. */
  readonly headers: HttpHeaders;
  readonly pool: Dispatcher;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Dispatcher.ResponseData['body'];
}

/** One request. A failure before the request was written is `UPSTREAM_UNAVAILABLE`, a later one `UPSTREAM_LOST`. */
export async function exchange(
  pool: Dispatcher,
  name: string,
  url: URL,
  options: {
    readonly method: 'GET' | 'POST' | 'DELETE';
    readonly headers: HttpHeaders;
    readonly body?: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<HttpAnswer> {
  try {
    const { statusCode, headers, body } = await pool.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: options.method,
      headers: options.headers,
      body: options.body ?? null,
      signal: options.signal ?? null,
    });
    return { status: statusCode, headers, body };
  } catch (cause) {
    throw toHttpFailure(name, cause);
  }
}

const NOT_SENT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
]);

function toHttpFailure(name: string, cause: unknown): UpstreamError {
  if (
    cause instanceof errors.RequestAbortedError ||
    (cause instanceof Error && cause.name === 'AbortError')
  ) {
    return new UpstreamError('UPSTREAM_CANCELLED', 'Cancelled by the caller', { cause });
  }
  const code = codeOf(cause);
  return NOT_SENT_CODES.has(code)
    ? new UpstreamError('UPSTREAM_UNAVAILABLE', `Server "${name}" cannot be reached (${code})`, { cause })
    : new UpstreamError(
        'UPSTREAM_LOST',
        `The connection to server "${name}" broke (${code === '' ? 'no code' : code})`,
        { cause },
      );
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

/** Reads a whole body of at most `maxBytes`; a longer one is an error and its connection is closed. */
export async function readBody(name: string, answer: HttpAnswer, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) {
        throw new UpstreamError(
          'UPSTREAM_TOO_LARGE',
          `The answer of server "${name}" is over ${maxBytes} bytes`,
        );
      }
      parts.push(chunk);
    }
  } catch (cause) {
    throw cause instanceof UpstreamError ? cause : toHttpFailure(name, cause);
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined
    ? only.toString('utf8')
    : Buffer.concat(parts).toString('utf8');
}

/** The body of an error, for deciding; empty when it is long, broken or slow. Never fails. */
export async function readErrorBody(name: string, answer: HttpAnswer): Promise<string> {
  const timer = setTimeout(() => answer.body.destroy(), ASIDE_BODY_MS).unref();
  try {
    return await readBody(name, answer, MAX_ERROR_BODY_BYTES);
  } catch {
    // The status alone says that the request failed.
    return '';
  } finally {
    clearTimeout(timer);
  }
}

/** Lets go of a body that nobody reads: a short one is drained, so that its connection can be used again; any other ends with it. Never fails. */
export async function discard(answer: HttpAnswer): Promise<void> {
  const timer = setTimeout(() => answer.body.destroy(), ASIDE_BODY_MS).unref();
  try {
    await answer.body.dump({ limit: MAX_ERROR_BODY_BYTES });
  } catch {
    // Nobody wanted it.
  } finally {
    clearTimeout(timer);
  }
}

export function mediaType(answer: HttpAnswer): string {
  const value = answer.headers['content-type'];
  return (typeof value === 'string' ? value : '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

export function isEventStream(answer: HttpAnswer): boolean {
  return answer.status === 200 && mediaType(answer) === 'text/event-stream';
}
