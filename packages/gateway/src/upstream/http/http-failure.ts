import { UpstreamError } from '../upstream-error.ts';

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

/** What a broken exchange means. A failure before the request was written is `UPSTREAM_UNAVAILABLE`, a later one `UPSTREAM_LOST`. */
export function toHttpFailure(name: string, cause: unknown): UpstreamError {
  if (cause instanceof UpstreamError) {
    return cause;
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

/** What an HTTP status that is no answer means. 500 and above count as lost: a proxy may have passed the call on before it gave up. */
export function toStatusFailure(name: string, status: number, rpcCode?: number): UpstreamError {
  return new UpstreamError(
    status >= 500 ? 'UPSTREAM_LOST' : 'UPSTREAM_REFUSED',
    `Server "${name}" answered with HTTP status ${status}`,
    { status, ...(rpcCode === undefined ? {} : { rpcCode }) },
  );
}

/** An answer that is neither JSON nor a stream of events. */
export function toMediaTypeFailure(name: string, mediaType: string): UpstreamError {
  return new UpstreamError(
    'UPSTREAM_PROTOCOL',
    `Server "${name}" answered with media type "${mediaType.slice(0, 80)}"`,
  );
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}
