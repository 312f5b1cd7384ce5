import { base64url, SignJWT } from 'jose';
import type { AuthErrorCode } from '../../../src/identity/index.ts';
import { AUDIENCE } from '../fixture.ts';
import { type Claims, goodClaims, ISSUER, NOW_SECONDS, sign, type SigningKey } from './issuer-fixture.ts';

/** Keys that an attacker may have or know. */
export interface Keys {
  /** The one the issuer publishes and signs with. */
  readonly good: SigningKey;
  /** One that the issuer never published. */
  readonly foreign: SigningKey;
  /** Published, of a type that is not accepted for it. */
  readonly rsa: SigningKey;
}

export interface BadToken {
  readonly name: string;
  readonly threat: 'A39' | 'A40' | 'A41' | 'A42' | 'A45' | 'A49';
  /** Settings of the issuer that differ from the default. */
  readonly settings?: object;
  readonly make: (keys: Keys) => Promise<string> | string;
  readonly code: AuthErrorCode;
  readonly detail: string;
}

const part = (value: unknown): string =>
  base64url.encode(typeof value === 'string' ? value : JSON.stringify(value));

/** A token put together by hand. */
function raw(header: unknown, claims: unknown, signature = ''): string {
  return `${part(header)}.${part(claims)}.${signature}`;
}

/** A token in order but for some claims. */
function claims(name: string, detail: string, change: Claims, more: Partial<BadToken> = {}): BadToken {
  return {
    name,
    threat: 'A42',
    code: 'AUTH_UNKNOWN',
    detail,
    make: ({ good }) => sign(good, goodClaims(change)),
    ...more,
  };
}

/** A token in order but for some members of the header. */
function header(
  name: string,
  detail: string,
  change: Record<string, unknown>,
  more: Partial<BadToken> = {},
): BadToken {
  return {
    name,
    threat: 'A42',
    code: 'AUTH_UNKNOWN',
    detail,
    make: ({ good }) => sign(good, goodClaims(), change),
    ...more,
  };
}

/** Takes the signature of a good token to other contents. */
async function transplanted(good: SigningKey, change: Claims): Promise<string> {
  const [head = '', , signature = ''] = (await sign(good)).split('.');
  return `${head}.${part(goodClaims(change))}.${signature}`;
}

const NO_KEY = 'it has no such key';
const BAD_SIGNATURE = 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED';
const MALFORMED = { code: 'AUTH_MALFORMED' } as const;

/** Tokens that must never open a door, each with what the operator reads about it after `issuer corp: `. */
export const badTokens: readonly BadToken[] = [
  // Who signed it.
  {
    name: 'no signature at all, "alg" none',
    threat: 'A42',
    make: () => raw({ alg: 'none', typ: 'at+jwt' }, goodClaims()),
    code: 'AUTH_UNKNOWN',
    detail: 'the algorithm is not accepted',
  },
  ...['NONE', 'None', 'nOnE', ''].map((alg): BadToken => ({
    name: `no signature, "alg" ${JSON.stringify(alg)}`,
    threat: 'A42',
    make: () => raw({ alg, typ: 'at+jwt' }, goodClaims()),
    code: 'AUTH_UNKNOWN',
    detail: 'the algorithm is not accepted',
  })),
  {
    name: 'the signature cut off',
    threat: 'A42',
    make: async ({ good }) => (await sign(good)).replace(/[^.]*$/, ''),
    code: 'AUTH_UNKNOWN',
    detail: BAD_SIGNATURE,
  },
  {
    name: 'HS256 with the public key as secret',
    threat: 'A42',
    make: async ({ good }) =>
      await new SignJWT(goodClaims())
        .setProtectedHeader({ alg: 'HS256', kid: good.kid, typ: 'at+jwt' })
        .sign(new TextEncoder().encode(JSON.stringify(good.publicJwk))),
    code: 'AUTH_UNKNOWN',
    detail: 'the algorithm is not accepted',
  },
  {
    name: 'an algorithm that is not configured',
    threat: 'A42',
    settings: { algorithms: ['EdDSA'] },
    make: ({ good }) => sign(good),
    code: 'AUTH_UNKNOWN',
    detail: 'the algorithm is not accepted',
  },
  {
    name: 'an algorithm that the key is not for',
    threat: 'A42',
    make: ({ good, rsa }) => sign({ ...rsa, kid: good.kid }),
    code: 'AUTH_UNKNOWN',
    detail: 'ERR_JWKS_NO_MATCHING_KEY',
  },
  {
    name: 'a key of a stranger under the right name',
    threat: 'A42',
    make: ({ good, foreign }) => sign({ ...foreign, kid: good.kid }),
    code: 'AUTH_UNKNOWN',
    detail: BAD_SIGNATURE,
  },
  {
    name: 'a key of a stranger under its own name',
    threat: 'A42',
    make: ({ foreign }) => sign(foreign),
    code: 'AUTH_UNKNOWN',
    detail: NO_KEY,
  },
  {
    name: 'a key of a stranger that the token brings along',
    threat: 'A42',
    make: ({ foreign }) => sign(foreign, goodClaims(), { jwk: foreign.publicJwk }),
    code: 'AUTH_UNKNOWN',
    detail: NO_KEY,
  },
  {
    name: 'a key of a stranger that the token brings along under the right name',
    threat: 'A42',
    make: ({ good, foreign }) =>
      sign({ ...foreign, kid: good.kid }, goodClaims(), { jwk: foreign.publicJwk }),
    code: 'AUTH_UNKNOWN',
    detail: BAD_SIGNATURE,
  },
  {
    name: 'a place where a key of a stranger lies',
    threat: 'A42',
    make: ({ foreign }) =>
      sign(foreign, goodClaims(), { jku: 'https://evil.example/keys', x5u: 'https://evil.example/cert' }),
    code: 'AUTH_UNKNOWN',
    detail: NO_KEY,
  },
  {
    name: 'the signature of another token',
    threat: 'A42',
    make: ({ good }) => transplanted(good, { sub: 'root' }),
    code: 'AUTH_UNKNOWN',
    detail: BAD_SIGNATURE,
  },
  {
    name: 'no name of a key while two could have signed',
    threat: 'A42',
    make: async ({ good }) => await sign(good, goodClaims(), { kid: undefined }),
    code: 'AUTH_UNKNOWN',
    detail: 'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
  },
  // The name of the key.
  ...[
    '/etc/passwd',
    'key/../../x',
    '../../dev/null',
    '..\\..\\x',
    'file:///dev/null',
    'https://evil.example/key',
    'data:,x',
  ].map((kid) =>
    kid === '/etc/passwd'
      ? header(`kid ${JSON.stringify(kid)}, which is looked up as a name`, NO_KEY, { kid })
      : header(`kid ${JSON.stringify(kid)}`, 'the name of the key is no name', { kid }, MALFORMED),
  ),
  header(
    'kid with a statement of SQL',
    'the name of the key is no name',
    { kid: "x' UNION SELECT 'k" },
    MALFORMED,
  ),
  header('kid with a line break', 'the name of the key is no name', { kid: 'x\nY: z' }, MALFORMED),
  header('kid that is empty', 'the name of the key is no name', { kid: '' }, MALFORMED),
  header('kid of 257 characters', 'the name of the key is no name', { kid: 'k'.repeat(257) }, MALFORMED),
  header('kid that is unknown', NO_KEY, { kid: 'last-year' }),
  header('kid of the prototype', NO_KEY, { kid: '__proto__' }),
  {
    name: 'kid that is no text',
    threat: 'A42',
    make: () => raw({ alg: 'ES256', kid: ['good'] }, goodClaims(), 'AAAA'),
    ...MALFORMED,
    detail: 'the name of the key is no name',
  },
  // The rest of the header.
  {
    name: 'an extension that must be understood',
    threat: 'A42',
    make: () => raw({ alg: 'ES256', kid: 'good', crit: ['exp'] }, goodClaims(), 'AAAA'),
    ...MALFORMED,
    detail: 'the header has "crit"',
  },
  {
    name: 'a payload that is not encoded',
    threat: 'A42',
    make: () => raw({ alg: 'ES256', kid: 'good', b64: false }, goodClaims(), 'AAAA'),
    ...MALFORMED,
    detail: 'the header has "b64"',
  },
  {
    name: 'no algorithm',
    threat: 'A42',
    make: () => raw({ kid: 'good', typ: 'JWT' }, goodClaims(), 'AAAA'),
    ...MALFORMED,
    detail: 'no algorithm',
  },
  ...['dpop+jwt', 'logout+jwt', 'smcp-delegation+jwt', 'id_token', 'at+jwt2', 'JWE', ''].map((typ) =>
    header(`a token of type ${JSON.stringify(typ)}`, 'the type is not that of an access token', { typ }),
  ),
  header(
    'a plain JWT where access tokens are required',
    'the type is not that of an access token',
    { typ: 'JWT' },
    {
      settings: { require_at_jwt: true },
    },
  ),
  header(
    'no type where access tokens are required',
    'the type is not that of an access token',
    { typ: undefined },
    {
      settings: { require_at_jwt: true },
    },
  ),
  // For whom.
  claims('another audience', 'made for another audience', { aud: 'https://other.example' }),
  claims('another endpoint', 'made for another audience', { aud: `${AUDIENCE}/mcp/slack` }),
  claims('an audience that begins alike', 'made for another audience', { aud: `${AUDIENCE}.evil.example` }),
  claims('an identity token, made for its client', 'made for another audience', {
    aud: 'client-7',
    nonce: 'n',
  }),
  claims('no audience', 'no audience', { aud: undefined }),
  claims('an empty list of audiences', 'no audience', { aud: [] }),
  claims('an audience of another kind', 'no audience', { aud: { [AUDIENCE]: true } }),
  claims('an audience in a list of another kind', 'no audience', { aud: [AUDIENCE, 7] }),
  claims('over 64 audiences', 'no audience', { aud: [...Array.from({ length: 64 }, () => 'x'), AUDIENCE] }),
  // When.
  claims('expired at this second', 'expired', { exp: NOW_SECONDS - 5 }, { code: 'AUTH_EXPIRED' }),
  claims('expired long ago', 'expired', { exp: 0 }, { code: 'AUTH_EXPIRED' }),
  claims('no expiry', 'no expiry', { exp: undefined }),
  claims('an expiry that is a text', 'no expiry', { exp: `${NOW_SECONDS + 300}` }),
  claims('an expiry that is negative', 'no expiry', { exp: -1 }),
  {
    name: 'an expiry beyond all numbers',
    threat: 'A42',
    make: () =>
      `${part({ alg: 'ES256', kid: 'good' })}.${part(JSON.stringify(goodClaims()).replace(/"exp":\d+/, '"exp":1e999'))}.AAAA`,
    code: 'AUTH_UNKNOWN',
    detail: 'no expiry',
  },
  claims('not valid yet', 'not valid yet', { nbf: NOW_SECONDS + 6 }),
  claims('a beginning that is a text', '"nbf" is no time', { nbf: 'now' }),
  claims('issued in the future', 'issued in the future', { iat: NOW_SECONDS + 6, exp: NOW_SECONDS + 60 }),
  claims('an issue time that is a text', '"iat" is no time', { iat: 'now' }),
  claims('made to live for over a day', 'made to live too long', { exp: NOW_SECONDS - 10 + 86_401 }),
  claims(
    'made to live longer than the setting says',
    'made to live too long',
    { exp: NOW_SECONDS + 51 },
    {
      settings: { max_lifetime_seconds: 60 },
    },
  ),
  claims('no issue time, and an expiry over a day away', 'made to live too long', {
    iat: undefined,
    exp: NOW_SECONDS + 86_406,
  }),
  // Who.
  claims('no user', 'no usable "sub"', { sub: undefined }),
  claims('an empty user', 'no usable "sub"', { sub: '' }),
  claims('no such claim', 'no usable "oid"', {}, { settings: { id_claim: 'oid' } }),
  claims('no tenant where one is needed', 'no usable "tid"', {}, { settings: { tenant_claim: 'tid' } }),
  claims('bound to a key of its client', 'the token is bound to a key of its client', {
    cnf: { jkt: 'abc' },
  }),
];

/** JWTs of issuers that nobody configured; they are refused like any unknown token. */
export const foreignTokens: readonly Pick<BadToken, 'name' | 'threat' | 'make'>[] = [
  ...[
    ['another issuer', 'https://evil.example'],
    ['no issuer', undefined],
    ['an empty issuer', ''],
    ['an issuer with a slash more', `${ISSUER}/`],
    ['an issuer in another case', ISSUER.toUpperCase()],
    ['an issuer with the default port', 'https://login.example:443/realms/eng'],
    ['an issuer that begins alike', `${ISSUER}.evil.example`],
    ['an issuer with a line break', `${ISSUER}\n`],
    ['a list with the right issuer', [ISSUER]],
  ].map(([name, iss]) => ({
    name: String(name),
    threat: 'A45' as const,
    make: ({ good }: Keys) => sign(good, goodClaims({ iss: iss as string })),
  })),
  { name: 'a header that is a list', threat: 'A42', make: () => raw([], goodClaims(), 'AAAA') },
  { name: 'claims that are a list', threat: 'A42', make: () => raw({ alg: 'ES256' }, [], 'AAAA') },
  { name: 'claims that are no JSON', threat: 'A42', make: () => raw({ alg: 'ES256' }, '{', 'AAAA') },
  { name: 'parts that are no JSON', threat: 'A39', make: () => 'aaaa.bbbb.cccc' },
  { name: 'five parts', threat: 'A42', make: async ({ good }) => `${await sign(good)}.x.y` },
  {
    name: 'a part too few',
    threat: 'A42',
    make: async ({ good }) => (await sign(good)).replace(/\.[^.]*$/, ''),
  },
];
