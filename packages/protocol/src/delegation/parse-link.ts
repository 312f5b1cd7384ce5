import { JsonError } from '../json/json-error.ts';
import type { JsonErrorCode } from '../json/json-error.ts';
import { readJson } from '../json/read-json.ts';
import type { JsonValue } from '../jsonrpc/messages.ts';
import { DELEGATION_TYPE } from './delegation.ts';
import type { DelegationClaims, DelegationCode } from './delegation.ts';
import { ifBase64url } from './canonical-base64url.ts';
import { isJsonObject } from '../jsonrpc/is-json-object.ts';

const SIGNATURE_BYTES = 64;
const SHA256_BYTES = 32;
const MAX_SCOPE_PATTERNS = 64;
const MAX_PATTERN_LENGTH = 256;
const MAX_DEPTH = 64;

/** What a signer and a verifier might read differently gets a code of its own. */
const jsonRefusals: Partial<Record<JsonErrorCode, DelegationCode>> = {
  JSON_DUPLICATE_KEY: 'DELEGATION_DUPLICATE_MEMBER',
  JSON_FORBIDDEN_KEY: 'DELEGATION_UNKNOWN_MEMBER',
};

const partLimits = { maxLength: 64 * 1024, maxDepth: 2, maxNodes: 128 };
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const principalId = /^[a-z]{1,32}:[\x21-\x2b\x2d-\x7e]{1,256}$/;
const audience = /^[\x21-\x7e]{1,1024}$/;
const linkId = /^[A-Za-z0-9_-]{16,128}$/;
const scopePattern = /^[^\p{Cc}:]+:[^\p{Cc}]+$/u;
/** A label for people. It selects nothing, so a path or an address in it could do no harm; refused all the same. */
const keyId = /^[A-Za-z0-9_-]{1,128}$/;

const headerMembers = new Set(['alg', 'typ', 'kid']);
const claimNames = new Set([
  'v',
  'iss',
  'sub',
  'aud',
  'iat',
  'nbf',
  'exp',
  'jti',
  'scope',
  'max_depth',
  'prev',
]);

/** A link of the right form whose signature nobody has looked at yet. */
export interface ParsedLink {
  readonly compact: string;
  readonly claims: DelegationClaims;
}

export type ParsedLinkResult =
  | { readonly ok: true; readonly link: ParsedLink }
  | { readonly ok: false; readonly code: DelegationCode; readonly message: string };

/** Reads the form of one compact link. Checks no signature, no time, no audience and no neighbour. */
export function parseLink(compact: string): ParsedLinkResult {
  const parts = compact.split('.');
  const [headerPart = '', payloadPart = '', signaturePart = ''] = parts;
  if (parts.length !== 3) return malformed('A link has three parts separated by dots');

  const header = readPart(headerPart, 'header');
  if (!header.ok) return header;
  const { alg, typ, kid } = header.members;
  // RFC 8725 section 3.1: the algorithm is ours to choose; what the link says must be exactly that.
  if (alg !== 'EdDSA') return refuse('DELEGATION_ALGORITHM', 'The algorithm of a link is EdDSA');
  if (typ !== DELEGATION_TYPE)
    return refuse('DELEGATION_TYPE', `The type of a link is \`${DELEGATION_TYPE}\``);
  const strangeHeader = unknownMember(header.members, headerMembers);
  if (strangeHeader) return strangeHeader;
  if (kid !== undefined && !isText(kid, keyId)) return malformed('`kid` has the wrong form');

  const payload = readPart(payloadPart, 'payload');
  if (!payload.ok) return payload;
  const strangeClaim = unknownMember(payload.members, claimNames);
  if (strangeClaim) return strangeClaim;
  const claims = readClaims(payload.members);
  if (typeof claims === 'string') return malformed(`\`${claims}\` is missing or has the wrong form`);

  if (ifBase64url(signaturePart)?.length !== SIGNATURE_BYTES) {
    return malformed('The signature is not 64 bytes in base64url');
  }
  return { ok: true, link: { compact, claims } };
}

/** The claims, or the name of the first one that is wrong. */
function readClaims(members: Readonly<Record<string, unknown>>): DelegationClaims | keyof DelegationClaims {
  const { v, iss, sub, aud, iat, nbf, exp, jti, scope, max_depth, prev } = members;
  if (v !== 1) return 'v';
  if (!isText(iss, principalId)) return 'iss';
  if (!isText(sub, principalId)) return 'sub';
  if (!isText(aud, audience)) return 'aud';
  if (!isWholeNumber(iat)) return 'iat';
  if (nbf !== undefined && !isWholeNumber(nbf)) return 'nbf';
  if (!isWholeNumber(exp) || exp <= iat) return 'exp';
  if (!isText(jti, linkId)) return 'jti';
  if (!isScope(scope)) return 'scope';
  if (!isWholeNumber(max_depth) || max_depth > MAX_DEPTH) return 'max_depth';
  if (!isDigestOrNull(prev)) return 'prev';
  return { v, iss, sub, aud, iat, ...(nbf === undefined ? {} : { nbf }), exp, jti, scope, max_depth, prev };
}

interface ReadPart {
  readonly ok: true;
  readonly members: Readonly<Record<string, unknown>>;
}

function readPart(part: string, what: string): ReadPart | ReturnType<typeof refuse> {
  const bytes = ifBase64url(part);
  const text = bytes && ifUtf8(bytes);
  if (text === undefined) return malformed(`The ${what} is not text in base64url`);
  let value: JsonValue;
  try {
    value = readJson(text, partLimits).value;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return refuse(jsonRefusals[error.code] ?? 'DELEGATION_MALFORMED', `The ${what}: ${error.message}`);
  }
  if (!isJsonObject(value)) return malformed(`The ${what} is not a JSON object`);
  return { ok: true, members: value };
}

function ifUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    // Bytes that are not UTF-8 are no text.
    return undefined;
  }
}

function unknownMember(members: Readonly<Record<string, unknown>>, known: ReadonlySet<string>) {
  const strange = Object.keys(members).find((name) => !known.has(name));
  if (strange === undefined) return undefined;
  return refuse('DELEGATION_UNKNOWN_MEMBER', `Unknown member ${JSON.stringify(strange.slice(0, 32))}`);
}

function isText(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

function isWholeNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isDigestOrNull(value: unknown): value is string | null {
  return value === null || (typeof value === 'string' && ifBase64url(value)?.length === SHA256_BYTES);
}

function isScope(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MAX_SCOPE_PATTERNS &&
    value.every(
      (pattern) =>
        typeof pattern === 'string' && pattern.length <= MAX_PATTERN_LENGTH && scopePattern.test(pattern),
    )
  );
}

function malformed(message: string) {
  return refuse('DELEGATION_MALFORMED', message);
}

function refuse(code: DelegationCode, message: string) {
  return { ok: false as const, code, message };
}
