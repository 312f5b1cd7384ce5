import { describe, expect, it } from 'vitest';
import type { FetchDocument } from '../../../src/identity/index.ts';
import { fetchKeys, metadataUrls } from '../../../src/identity/jwt/find-keys.ts';
import { IssuerError } from '../../../src/identity/jwt/issuer-error.ts';

const ISSUER = 'https://login.example/realms/eng';
const [AS_PATH = '', OIDC_INSERTED = '', OIDC_APPENDED = ''] = metadataUrls(ISSUER).map(({ href }) => href);
const KEYS = { keys: ['a key'] };
const { signal } = new AbortController();

/** A network with these documents; records who was asked for what, and how far a request was allowed to reach. */
function network(documents: Record<string, unknown>): { fetchDocument: FetchDocument; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    fetchDocument: async ({ url, reach }) => {
      asked.push(`${reach} ${url.href}`);
      if (!Object.hasOwn(documents, url.href)) throw new IssuerError('ISSUER_UNREACHABLE', 'HTTP status 404');
      return documents[url.href];
    },
  };
}

const found = (documents: Record<string, unknown>, issuer = ISSUER): Promise<unknown> =>
  fetchKeys({ issuer, jwksUrl: undefined }, network(documents).fetchDocument, signal);

describe('metadataUrls()', () => {
  it('puts the well-known part before the path, then behind it', () => {
    expect(metadataUrls(ISSUER).map(({ href }) => href)).toEqual([
      'https://login.example/.well-known/oauth-authorization-server/realms/eng',
      'https://login.example/.well-known/openid-configuration/realms/eng',
      'https://login.example/realms/eng/.well-known/openid-configuration',
    ]);
  });

  it.each(['https://login.example', 'https://login.example/'])('knows two places for %s', (issuer) => {
    expect(metadataUrls(issuer).map(({ href }) => href)).toEqual([
      'https://login.example/.well-known/oauth-authorization-server',
      'https://login.example/.well-known/openid-configuration',
    ]);
  });
});

describe('fetchKeys()', () => {
  it.each([AS_PATH, OIDC_INSERTED, OIDC_APPENDED])('finds the keys through %s', async (place) => {
    const documents = {
      [place]: { issuer: ISSUER, jwks_uri: 'https://login.example/keys' },
      'https://login.example/keys': KEYS,
    };
    expect(await found(documents)).toEqual(KEYS);
  });

  it('asks in the order of the specification and no further than needed', async () => {
    const { fetchDocument, asked } = network({
      [OIDC_INSERTED]: { issuer: ISSUER, jwks_uri: 'https://login.example/keys' },
      [OIDC_APPENDED]: { issuer: ISSUER, jwks_uri: 'https://login.example/other' },
      'https://login.example/keys': KEYS,
    });
    await fetchKeys({ issuer: ISSUER, jwksUrl: undefined }, fetchDocument, signal);
    expect(asked).toEqual([
      `configured ${AS_PATH}`,
      `configured ${OIDC_INSERTED}`,
      'configured https://login.example/keys',
    ]);
  });

  it('asks only for the keys when the operator says where they are', async () => {
    const { fetchDocument, asked } = network({ 'https://keys.example/here': KEYS });
    const jwksUrl = new URL('https://keys.example/here');
    expect(await fetchKeys({ issuer: ISSUER, jwksUrl }, fetchDocument, signal)).toEqual(KEYS);
    expect(asked).toEqual(['configured https://keys.example/here']);
  });

  it.each([
    ['another issuer', 'https://evil.example'],
    ['a slash more', `${ISSUER}/`],
    ['another case', 'https://LOGIN.example/realms/eng'],
    ['a default port', 'https://login.example:443/realms/eng'],
    ['nothing', undefined],
    ['a list', [ISSUER]],
  ])('refuses metadata that name %s as issuer (A45)', async (_name, issuer) => {
    const documents = {
      [AS_PATH]: { issuer, jwks_uri: 'https://login.example/keys' },
      'https://login.example/keys': KEYS,
    };
    await expect(found(documents)).rejects.toMatchObject({ code: 'ISSUER_DOCUMENT_INVALID' });
  });

  it.each([
    ['a list', []],
    ['a text', 'x'],
    ['nothing', null],
  ])('refuses metadata that are %s', async (_name, document) => {
    await expect(found({ [AS_PATH]: document })).rejects.toMatchObject({ code: 'ISSUER_DOCUMENT_INVALID' });
  });

  it('passes by a place that speaks of another issuer', async () => {
    const documents = {
      [AS_PATH]: { issuer: 'https://login.example', jwks_uri: 'https://login.example/wrong' },
      [OIDC_APPENDED]: { issuer: ISSUER, jwks_uri: 'https://login.example/keys' },
      'https://login.example/keys': KEYS,
    };
    expect(await found(documents)).toEqual(KEYS);
  });

  it.each([
    ['nothing', undefined, 'ISSUER_DOCUMENT_INVALID'],
    ['no address', 'keys.json', 'ISSUER_DOCUMENT_INVALID'],
    ['a number', 7, 'ISSUER_DOCUMENT_INVALID'],
    ['http', 'http://login.example/keys', 'ISSUER_ADDRESS_REFUSED'],
    ['a loopback address over http', 'http://127.0.0.1/keys', 'ISSUER_ADDRESS_REFUSED'],
    ['a file', 'file:///etc/passwd', 'ISSUER_ADDRESS_REFUSED'],
    ['data', 'data:application/json,{"keys":[]}', 'ISSUER_ADDRESS_REFUSED'],
    ['a user name', 'https://me:secret@login.example/keys', 'ISSUER_ADDRESS_REFUSED'],
  ])('refuses %s as place of the keys', async (_name, jwks_uri, code) => {
    await expect(found({ [AS_PATH]: { issuer: ISSUER, jwks_uri } })).rejects.toMatchObject({ code });
  });

  it('lets another host that the metadata name be a public one only', async () => {
    const { fetchDocument, asked } = network({
      [AS_PATH]: { issuer: ISSUER, jwks_uri: 'https://cdn.example/keys' },
      'https://cdn.example/keys': KEYS,
    });
    await fetchKeys({ issuer: ISSUER, jwksUrl: undefined }, fetchDocument, signal);
    expect(asked.at(-1)).toBe('public https://cdn.example/keys');
  });

  it.each(['http://127.0.0.1:4000', 'http://localhost:4000', 'https://10.1.2.3'])(
    'lets the neighbours of %s be reached, since the operator configured a private one',
    async (issuer) => {
      const jwks_uri = issuer.startsWith('http:') ? 'http://127.0.0.1:4001/keys' : 'https://10.1.2.4/keys';
      const { fetchDocument, asked } = network({
        [`${issuer}/.well-known/oauth-authorization-server`]: { issuer, jwks_uri },
        [jwks_uri]: KEYS,
      });
      await fetchKeys({ issuer, jwksUrl: undefined }, fetchDocument, signal);
      expect(asked.at(-1)).toBe(`configured ${jwks_uri}`);
    },
  );

  it('says why when no place has metadata', async () => {
    await expect(found({})).rejects.toMatchObject({ name: 'IssuerError', code: 'ISSUER_UNREACHABLE' });
  });

  it('passes on what is no failure of the issuer', async () => {
    const broken: FetchDocument = async () => {
      throw new RangeError('A bug of ours');
    };
    await expect(fetchKeys({ issuer: ISSUER, jwksUrl: undefined }, broken, signal)).rejects.toThrow(
      RangeError,
    );
  });
});
