import type { IncomingMessage, ServerResponse } from 'node:http';
import { RPC_ERRORS } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { AuditLog } from '../../audit/index.ts';
import type { AuthErrorCode, Authenticator, AuthResult } from '../../identity/identity.ts';
import type { Logger, Telemetry } from '../../telemetry/telemetry.ts';
import { bearerChallenge, type ResourceServer } from '../auth/index.ts';
import { hasHeader, sendJson, singleHeader } from './http-door.ts';
import { reasonOf } from '../../lib/reason-of.ts';

export interface AuthenticateDeps {
  readonly authenticator: () => Authenticator;
  readonly source: (request: IncomingMessage) => string;
  /** Where clients get tokens. */
  readonly resourceServer: Pick<ResourceServer, 'pointer'>;
  readonly audit: AuditLog;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly now: () => Date;
}

// Anybody can cause these without end: they are counted, not recorded, so that they cannot fill the disk.
const UNRECORDED: ReadonlySet<AuthErrorCode> = new Set([
  'AUTH_MISSING',
  'AUTH_RATE_LIMITED',
  'AUTH_UNAVAILABLE',
]);

type Refusal = Extract<AuthResult, { readonly ok: false }>;

/** Turns the headers of a request into a principal, or answers 401, 403, 429 or 503, records it and gives undefined. */
export function createAuthenticate(
  deps: AuthenticateDeps,
): (request: IncomingMessage, response: ServerResponse) => Promise<Principal | undefined> {
  return async (request, response) => {
    const source = deps.source(request);
    const result = await deps.authenticator().authenticate(present(request, source));
    if (result.ok) {
      return result.principal;
    }
    deps.telemetry.countAuthFailure(result.code);
    if (!UNRECORDED.has(result.code)) {
      await record(deps, source, result);
    }
    refuse(response, result, deps.resourceServer, pathOf(request));
    return undefined;
  };
}

function present(request: IncomingMessage, source: string): Parameters<Authenticator['authenticate']>[0] {
  const authorization = once(request, 'authorization');
  const codeHash = once(request, 'x-smcp-code-hash');
  const delegationChain = once(request, 'x-smcp-delegation-chain');
  return {
    source,
    path: pathOf(request),
    ...(authorization === undefined ? {} : { authorization }),
    ...(codeHash === undefined ? {} : { codeHash }),
    ...(delegationChain === undefined ? {} : { delegationChain }),
  };
}

// A header that came twice is malformed, not absent: a blank is no token, no code hash and no chain, and counts as a failed login.
function once(request: IncomingMessage, name: string): string | undefined {
  return hasHeader(request, name) ? (singleHeader(request, name) ?? ' ') : undefined;
}

async function record(
  deps: AuthenticateDeps,
  source: string,
  { code, detail, hint }: Refusal,
): Promise<void> {
  deps.logger.warn('login refused', { source, code, detail });
  try {
    await deps.audit.append({
      type: 'auth',
      time: deps.now().toISOString(),
      source,
      code,
      ...(hint === undefined ? {} : { hint }),
    });
  } catch (error) {
    // The caller is refused either way.
    deps.logger.error('a refused login could not be recorded', { code, reason: reasonOf(error) });
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}

function refuse(
  response: ServerResponse,
  { code, message, retryAfterSeconds = 1, scopes }: Refusal,
  resourceServer: AuthenticateDeps['resourceServer'],
  path: string,
): void {
  const retryAfter = { 'retry-after': String(retryAfterSeconds), connection: 'close' };
  const pointer = resourceServer.pointer(path);
  switch (code) {
    case 'AUTH_RATE_LIMITED':
      sendJson(response, 429, errorBody(RPC_ERRORS.rateLimited, message), retryAfter);
      break;
    case 'AUTH_UNAVAILABLE':
      sendJson(response, 503, errorBody(RPC_ERRORS.identityUnavailable, message), retryAfter);
      break;
    case 'AUTH_SCOPE':
      sendJson(response, 403, errorBody(RPC_ERRORS.insufficientScope, message), {
        'www-authenticate': bearerChallenge({
          ...pointer,
          error: 'insufficient_scope',
          scopes: scopes ?? [],
        }),
        connection: 'close',
      });
      break;
    // RFC 6750 section 3: no error code when the request carried no credential at all.
    case 'AUTH_MISSING':
      sendJson(response, 401, errorBody(RPC_ERRORS.unauthenticated, message), {
        'www-authenticate': bearerChallenge(pointer),
        connection: 'close',
      });
      break;
    case 'AUTH_MALFORMED':
    case 'AUTH_UNKNOWN':
    case 'AUTH_EXPIRED':
    case 'AUTH_REVOKED':
    case 'AUTH_CODE_HASH':
    case 'AUTH_DELEGATION':
      sendJson(response, 401, errorBody(RPC_ERRORS.unauthenticated, message), {
        'www-authenticate': bearerChallenge({ ...pointer, error: 'invalid_token', description: message }),
        connection: 'close',
      });
  }
}

function errorBody(code: number, message: string): object {
  return { jsonrpc: '2.0', id: null, error: { code, message } };
}
