import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { configSchema, type JwtIssuerConfig } from '../../../src/config/schema.ts';
import type { FetchDocument, JwtIssuers } from '../../../src/identity/index.ts';
import { IssuerError } from '../../../src/identity/jwt/issuer-error.ts';
import { AUDIENCE, NOW_MS } from '../fixture.ts';

export const ISSUER = 'https://login.example/realms/eng';
export const NOW_SECONDS = NOW_MS / 1000;

/** Settings of issuers by name, with every default filled in. */
export function jwtIssuers(settings: Record<string, object>): JwtIssuers {
  return configSchema.parse({ jwt_issuers: settings }).jwt_issuers;
}

/** The settings of one issuer, called `corp`. */
export function issuerConfig(settings: object = {}): JwtIssuerConfig {
  const { corp } = jwtIssuers({ corp: { issuer: ISSUER, ...settings } });
  if (corp === undefined) throw new Error('The issuer was not read');
  return corp;
}

/** Claims as anybody could write them; those set to undefined are left out. */
export type Claims = Record<string, unknown>;

/** Claims of a token that is in order. */
export function goodClaims(change: Claims = {}): Claims {
  return {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'ada',
    iat: NOW_SECONDS - 10,
    exp: NOW_SECONDS + 300,
    groups: ['engineers'],
    ...change,
  };
}

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function signingKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Signs claims and header as they are. */
export async function sign(
  key: SigningKey,
  claims: Claims = goodClaims(),
  header: Record<string, unknown> = {},
): Promise<string> {
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
    .sign(key.privateKey);
}

/** What an issuer publishes, without a network; counts what is asked for. */
export class FakeIssuer {
  readonly asked: string[] = [];
  mode: 'up' | 'down' | 'hangs' = 'up';
  keys: readonly JWK[] = [];
  issuer = ISSUER;

  readonly fetchDocument: FetchDocument = async ({ url, signal }) => {
    this.asked.push(url.href);
    if (this.mode === 'hangs') await new Promise((_, reject) => signal.addEventListener('abort', reject));
    if (this.mode === 'down') throw new IssuerError('ISSUER_UNREACHABLE', 'Nobody is there');
    const documents: Record<string, unknown> = {
      'https://login.example/.well-known/oauth-authorization-server/realms/eng': {
        issuer: this.issuer,
        jwks_uri: 'https://login.example/keys',
      },
      'https://login.example/keys': { keys: this.keys },
    };
    const document = documents[url.href];
    if (document === undefined) throw new IssuerError('ISSUER_UNREACHABLE', 'HTTP status 404');
    return document;
  };

  /** How often the keys themselves were asked for. */
  get keysAsked(): number {
    return this.asked.filter((url) => url.endsWith('/keys')).length;
  }
}

export async function issuerWith(...keys: readonly SigningKey[]): Promise<FakeIssuer> {
  const issuer = new FakeIssuer();
  issuer.keys = keys.map(({ publicJwk }) => publicJwk);
  return issuer;
}
