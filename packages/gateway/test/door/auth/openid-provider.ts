import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Provider } from 'oidc-provider';

export interface TokenWish {
  readonly client?: 'ada' | 'bob';
  /** RFC 8707. */
  readonly resource: string;
  readonly scope?: string;
}

/** A certified OpenID provider on a free port of this machine, whose clients log in for themselves. */
export interface OpenIdProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  /** An access token, a JWT. */
  token(wish: TokenWish): Promise<string>;
  /** From now on signs with another key and publishes only that. */
  rotate(): Promise<void>;
  /** Answers nobody any more until it is brought back. */
  setDown(down: boolean): void;
}

/** Of every client. */
export const PROVIDER_SECRET = 'a-secret-of-the-tests-that-is-long-enough';

/** Groups of each client, which stand in its tokens. */
const GROUPS: Readonly<Record<string, readonly string[]>> = { ada: ['engineers'], bob: ['sales'] };

/** @param scopes All that may be granted, separated by blanks. */
export async function openIdProvider(scopes: string, lifetimeSeconds = 600): Promise<OpenIdProvider> {
  let answer: RequestListener = () => {};
  let down = false;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (down) request.socket.destroy();
    else answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let generation = 0;

  const renew = async (): Promise<void> => {
    generation += 1;
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk: JWK = { ...(await exportJWK(privateKey)), kid: `key-${generation}`, alg: 'ES256', use: 'sig' };
    answer = createProvider({ issuer, scopes, jwk, lifetimeSeconds }).callback();
  };
  await renew();

  return {
    issuer,
    asked,
    token: async ({ client = 'ada', resource, scope }) => {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${client}:${PROVIDER_SECRET}`)}` },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          resource,
          ...(scope === undefined ? {} : { scope }),
        }),
      });
      const body = (await response.json()) as { access_token?: string };
      if (body.access_token === undefined) throw new Error(`No token: ${JSON.stringify(body)}`);
      return body.access_token;
    },
    rotate: renew,
    setDown: (state) => {
      down = state;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface ProviderOptions {
  readonly issuer: string;
  readonly scopes: string;
  readonly jwk: JWK;
  readonly lifetimeSeconds: number;
}

function createProvider({ issuer, scopes, jwk, lifetimeSeconds }: ProviderOptions): Provider {
  return new Provider(issuer, {
    jwks: { keys: [jwk] },
    scopes: scopes.split(' '),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clients: Object.keys(GROUPS).map((client_id) => ({
      client_id,
      client_secret: PROVIDER_SECRET,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    })),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          scope: scopes,
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: lifetimeSeconds,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    extraTokenClaims: (_context: unknown, token: { clientId?: string }) => ({
      groups: GROUPS[token.clientId ?? ''] ?? [],
    }),
  });
}
