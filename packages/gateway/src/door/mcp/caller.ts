import type { IncomingMessage } from 'node:http';
import type { Principal } from '@smcp/policy';
import { isCallerCredential } from '../../credential/index.ts';
import type { Caller } from '../../gate/index.ts';
import { readBearer } from '../../identity/bearer.ts';
import { singleHeader } from '../http/http-door.ts';
import type { Exchange } from './exchange.ts';

/**
 * Who calls, with the credentials of its own that this very request carries.
 *
 * @param session Absent for a request that belongs to none.
 */
export function callerOf(
  { request, principal }: Pick<Exchange, 'request' | 'principal'>,
  session?: { readonly id: string },
): Caller {
  return {
    principal,
    session: session?.id,
    credential: (header) => ownCredential(request, header),
  };
}

/** Who would call, as far as can be said while no request is there: without credentials of its own. */
export function silentCaller(principal: Principal): Caller {
  return { principal, credential: () => undefined };
}

/**
 * What the caller sends for a server in `header`. The token it logged in with is no such credential, alone or with anything around it, also when it
 * is a key of a form that only the configuration knows: it must not reach a server.
 */
function ownCredential(request: IncomingMessage, header: string): string | undefined {
  const value = singleHeader(request, header);
  if (value === undefined || !isCallerCredential(value)) {
    return undefined;
  }
  const login = readBearer(singleHeader(request, 'authorization'));
  return login.ok && value.includes(login.token) ? undefined : value;
}
