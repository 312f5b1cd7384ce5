const MAX_SCOPES = 64;

export interface Challenge {
  /** RFC 6750 section 3.1. Absent when the request carried no credential at all. */
  readonly error?: 'invalid_token' | 'insufficient_scope';
  /** Plain text without quotes. */
  readonly description?: string;
  readonly scopes?: readonly string[];
  /** RFC 9728 section 5.1. */
  readonly metadataUrl?: string;
}

/** The value of `WWW-Authenticate` that tells a client what to come back with. */
export function bearerChallenge({ error, description, scopes = [], metadataUrl }: Challenge): string {
  const parameters = [
    ['realm', 'smcp'],
    ['error', error],
    ['error_description', description],
    ['scope', scopes.length === 0 ? undefined : scopes.join(' ')],
    ['resource_metadata', metadataUrl],
  ] as const;
  const written = parameters.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${value.replaceAll(/["\\]|[^ -~]/g, '')}"`],
  );
  return `Bearer ${written.join(', ')}`;
}

/**
 * The challenge of a step-up, with HTTP status 403. It names what was granted beside what is missing, so that a client that asks for just this loses
 * nothing.
 */
export function stepUpChallenge(
  metadataUrl: string,
  granted: readonly string[],
  missing: readonly string[],
): string {
  const kept = granted.filter((scope) => scope !== 'offline_access' && !missing.includes(scope));
  return bearerChallenge({
    error: 'insufficient_scope',
    scopes: [...missing, ...kept].slice(0, MAX_SCOPES),
    metadataUrl,
  });
}
