import { base64url } from 'jose';
import {
  createDelegationLink,
  generateDelegationKey,
  joinDelegationChain,
} from '../../src/delegation/index.ts';
import type { CreateLinkOptions, DelegationPrivateKey } from '../../src/delegation/index.ts';

export const NOW = 1_800_000_000;
export const AUDIENCE = 'https://gate.example';

export const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

export interface Cast {
  readonly privateKeys: ReadonlyMap<string, DelegationPrivateKey>;
  readonly keyOf: (id: string) => Promise<string | undefined>;
  /** Signs a link with the key of its delegator. */
  readonly link: (delegator: string, delegate: string, more?: Partial<CreateLinkOptions>) => Promise<string>;
  /** alice → a → b → c …, as many links as asked for. */
  readonly chain: (length: number) => Promise<string[]>;
  /** Signs any header and payload, given as JSON text or value. */
  readonly sign: (header: unknown, payload: unknown, signer?: string) => Promise<string>;
}

/** A few principals with keys. */
export async function makeCast(): Promise<Cast> {
  const ids = ['key:alice', 'key:bob', 'agent:a', 'agent:b', 'agent:c', 'agent:d'];
  const privateKeys = new Map<string, DelegationPrivateKey>();
  const publicKeys = new Map<string, string>();
  for (const id of ids) {
    const pair = await generateDelegationKey();
    privateKeys.set(id, pair.privateKey);
    publicKeys.set(id, pair.publicKey);
  }
  const link: Cast['link'] = (delegator, delegate, more = {}) =>
    createDelegationLink({
      delegator,
      delegate,
      audience: AUDIENCE,
      key: privateKeys.get(delegator)!,
      scope: ['*:*'],
      lifetimeSeconds: 600,
      nowSeconds: NOW,
      random,
      ...more,
    });
  const chain: Cast['chain'] = async (length) => {
    const order = ['key:alice', 'agent:a', 'agent:b', 'agent:c', 'agent:d'];
    const links: string[] = [];
    for (let index = 0; index < length; index += 1) {
      const previous = links.length === 0 ? {} : { previous: joinDelegationChain(...links) };
      links.push(await link(order[index]!, order[index + 1]!, { maxDepth: 5 - index, ...previous }));
    }
    return links;
  };
  const sign: Cast['sign'] = async (header, payload, signer = 'key:alice') => {
    const input = `${encode(header)}.${encode(payload)}`;
    const key = await crypto.subtle.importKey('jwk', privateKeys.get(signer)!, { name: 'Ed25519' }, false, [
      'sign',
    ]);
    const signature = await crypto.subtle.sign('Ed25519', key, new TextEncoder().encode(input));
    return `${input}.${base64url.encode(new Uint8Array(signature))}`;
  };
  return { privateKeys, keyOf: async (id) => publicKeys.get(id), link, chain, sign };
}

function encode(value: unknown): string {
  return base64url.encode(typeof value === 'string' ? value : JSON.stringify(value));
}

export const goodHeader = { alg: 'EdDSA', typ: 'smcp-delegation+jwt' };

/** What alice signs for agent a, with members replaced. */
export function goodClaims(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const claims: Record<string, unknown> = {
    v: 1,
    iss: 'key:alice',
    sub: 'agent:a',
    aud: AUDIENCE,
    iat: NOW,
    exp: NOW + 600,
    jti: 'AAAAAAAAAAAAAAAAAAAAAA',
    scope: ['*:*'],
    max_depth: 0,
    prev: null,
    ...change,
  };
  for (const name of Object.keys(claims)) if (claims[name] === undefined) delete claims[name];
  return claims;
}
