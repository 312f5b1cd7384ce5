import type { JsonObject } from '@smcp/protocol';
import type { DecodedToken } from './jose.ts';

/** A token that can be checked: its form is right, and nothing has been vouched for. */
export interface ReadToken {
  readonly algorithm: string;
  readonly kid: string | undefined;
  /** In lower case without `application/`; undefined when the header does not say. */
  readonly type: string | undefined;
  readonly claims: JsonObject;
}

export type TokenReading =
  | { readonly ok: true; readonly token: ReadToken }
  | { readonly ok: false; readonly detail: string };

const FORM = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** A key has a name, not a place where it lies. Names may hold `/`, as base64 does. */
const KID = /^[\x21-\x7e]{1,256}$/;
const PLACE = /:\/\/|\.\.|\\|^file:|^data:/i;

/**
 * Whether the text has the three parts of a signed JWT; says nothing of what is in them. The last part must be written in the one way that RFC 4648
 * section 3.5 calls canonical: nothing vouches for it, so one token would have several texts.
 */
export function hasJwtForm(token: string): boolean {
  if (!FORM.test(token)) return false;
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}

/** Reads a header, and refuses one that asks for anything but a plain signature. */
export function readToken({ header, claims }: DecodedToken): TokenReading {
  const { alg: algorithm, kid, typ: type } = header;
  if (typeof algorithm !== 'string') return refused('no algorithm');
  // RFC 7515 section 4.1.11: extensions that must be understood; we understand none.
  for (const name of ['crit', 'b64', 'zip', 'enc']) {
    if (Object.hasOwn(header, name)) return refused(`the header has "${name}"`);
  }
  if (kid !== undefined && (typeof kid !== 'string' || !KID.test(kid) || PLACE.test(kid))) {
    return refused('the name of the key is no name');
  }
  if (type !== undefined && typeof type !== 'string') return refused('the type is no text');
  const plainType = type?.toLowerCase().replace(/^application\//, '');
  return { ok: true, token: { algorithm, kid, type: plainType, claims } };
}

function refused(detail: string): TokenReading {
  return { ok: false, detail };
}
