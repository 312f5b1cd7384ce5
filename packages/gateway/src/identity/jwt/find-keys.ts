import { isJsonObject, type JsonObject } from '@smcp/protocol';
import { isLoopbackHost } from '../../config/listen-address.ts';
import { ifLiteralAddress, isWithinReach, type Reach } from './address-rule.ts';
import type { FetchDocument } from './fetch-document.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerTerms } from './issuer-terms.ts';

/** Where metadata of an issuer may be, in the order of the MCP specification: RFC 8414, then OpenID Connect in both spellings. */
export function metadataUrls(issuer: string): readonly URL[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const found = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
  return [...new Set(found)].map((url) => new URL(url));
}

/**
 * Fetches the document with the keys of an issuer, through its metadata unless the configuration says where it is.
 *
 * @throws {IssuerError} as `FetchDocument` does; `ISSUER_DOCUMENT_INVALID` when the metadata is that of another issuer or names no keys,
 *   `ISSUER_ADDRESS_REFUSED` when it names a place that is not asked.
 */
export async function fetchKeys(
  { issuer, jwksUrl }: Pick<IssuerTerms, 'issuer' | 'jwksUrl'>,
  fetchDocument: FetchDocument,
  signal: AbortSignal,
): Promise<unknown> {
  if (jwksUrl !== undefined) return await fetchDocument({ url: jwksUrl, reach: 'configured', signal });
  const { jwks_uri: named } = await fetchMetadata(issuer, fetchDocument, signal);
  const url = readJwksUri(named, new URL(issuer));
  return await fetchDocument({ url, reach: reachOf(url, new URL(issuer)), signal });
}

/** Most issuers answer at one of the places only, and some hosts answer at the others with something else. */
async function fetchMetadata(
  issuer: string,
  fetchDocument: FetchDocument,
  signal: AbortSignal,
): Promise<JsonObject> {
  let failure: IssuerError | undefined;
  for (const url of metadataUrls(issuer)) {
    try {
      const document = await fetchDocument({ url, reach: 'configured', signal });
      // RFC 8414 section 3.3: without this, one issuer could answer for another (mix-up).
      if (isJsonObject(document) && document['issuer'] === issuer) return document;
      throw new IssuerError('ISSUER_DOCUMENT_INVALID', `The metadata at ${url.href} is of another issuer`);
    } catch (error) {
      if (!(error instanceof IssuerError)) throw error;
      // The one is kept that says more than "not here".
      if (failure === undefined || failure.code === 'ISSUER_UNREACHABLE') failure = error;
    }
  }
  throw failure ?? new IssuerError('ISSUER_UNREACHABLE', `There is no place for the metadata of ${issuer}`);
}

function readJwksUri(value: unknown, issuer: URL): URL {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null) {
    throw new IssuerError('ISSUER_DOCUMENT_INVALID', `The metadata of ${issuer.href} names no jwks_uri`);
  }
  const isLocal = url.protocol === 'http:' && issuer.protocol === 'http:' && isLoopback(url);
  if ((url.protocol !== 'https:' && !isLocal) || url.username !== '' || url.password !== '') {
    throw new IssuerError('ISSUER_ADDRESS_REFUSED', `The jwks_uri of ${issuer.href} is not https`);
  }
  return url;
}

/** The operator chose the issuer's host, and with an issuer inside the own network its neighbours; other hosts were chosen by a document. */
function reachOf(url: URL, issuer: URL): Reach {
  const literal = ifLiteralAddress(issuer);
  const isInside = isLoopback(issuer) || (literal !== undefined && !isWithinReach(literal, 'public'));
  return url.hostname === issuer.hostname || isInside ? 'configured' : 'public';
}

function isLoopback(url: URL): boolean {
  return isLoopbackHost(url.hostname.replace(/^\[|\]$/g, ''));
}
