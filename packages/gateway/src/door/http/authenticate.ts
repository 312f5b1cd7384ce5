import type { IncomingMessage, ServerResponse } from 'node:http';
import { RPC_ERRORS } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { AuditLog } from '../../audit/index.ts';
import type { AuthErrorCode, Authenticator, AuthResult } from '../../identity/identity.ts';
import type { Logger, Telemetry } from '../../telemetry/telemetry.ts';
import { sendJson, singleHeader } from './http-door.ts';
import { reasonOf } from '../../lib/reason-of.ts';

export interface AuthenticateDeps {
  readonly authenticator: () => Authenticator;
  readonly source: (request: IncomingMessage) => string;
  readonly audit: AuditLog;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly now: () => Date;
}

// Anybody can cause these without end: they are counted, not recorded, so that they cannot fill the disk.
const UNRECORDED: ReadonlySet<AuthErrorCode> = new Set(['AUTH_MISSING', 'AUTH_RATE_LIMITED']);

type Refusal = Extract<AuthResult, { readonly ok: false }>;

/** Turns the headers of a request into a principal, or answers 401 or 429, records it and gives undefined. */
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
    refuse(response, result);
    return undefined;
  };
}

function present(request: IncomingMessage, source: string): Parameters<Authenticator['authenticate']>[0] {
  const authorization = once(request, 'authorization');
  const codeHash = once(request, 'x-smcp-code-hash');
  const delegationChain = once(request, 'x-smcp-delegation-chain');
  return {
    source,
    ...(authorization === undefined ? {} : { authorization }),
    ...(codeHash === undefined ? {} : { codeHash }),
    ...(delegationChain === undefined ? {} : { delegationChain }),
  };
}

// A header that came twice is malformed, not absent: a blank is no token, no code hash and no chain, and counts as a failed login.
function once(request: IncomingMessage, name: string): string | undefined {
  return request.headersDistinct[name] === undefined ? undefined : (singleHeader(request, name) ?? ' ');
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

function refuse(response: ServerResponse, { code, message, retryAfterSeconds }: Refusal): void {
  const limited = code === 'AUTH_RATE_LIMITED';
  const body = {
    jsonrpc: '2.0',
    id: null,
    error: { code: limited ? RPC_ERRORS.rateLimited : RPC_ERRORS.unauthenticated, message },
  };
  if (limited) {
    sendJson(response, 429, body, { 'retry-after': String(retryAfterSeconds ?? 1), connection: 'close' });
    return;
  }
  // RFC 6750 section 3: no error code when the request carried no credential at all.
  const challenge =
    code === 'AUTH_MISSING'
      ? 'Bearer realm="smcp"'
      : `Bearer realm="smcp", error="invalid_token", error_description="${message}"`;
  sendJson(response, 401, body, { 'www-authenticate': challenge, connection: 'close' });
}
