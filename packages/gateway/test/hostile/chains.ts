import { randomBytes } from 'node:crypto';
import { CompactSign } from 'jose';
import {
  createDelegationLink,
  generateDelegationKey,
  type CreateLinkOptions,
  type DelegationPrivateKey,
} from '@smcp/protocol';

export const AUDIENCE = 'https://gate.example.com';

const SIGNERS = [
  'key:alice',
  'key:carol',
  'key:expired',
  'agent:planner',
  'agent:worker',
  'agent:courier',
] as const;

type Signer = (typeof SIGNERS)[number];
export type SigningKeys = ReadonlyMap<Signer, Awaited<ReturnType<typeof generateDelegationKey>>>;

export async function makeSigningKeys(): Promise<SigningKeys> {
  return new Map(
    await Promise.all(SIGNERS.map(async (signer) => [signer, await generateDelegationKey()] as const)),
  );
}

/** Header values by name: two good chains and all the bad ones. */
export async function makeChains(keys: SigningKeys): Promise<Readonly<Record<string, string>>> {
  const now = Math.floor(Date.now() / 1000);
  const keyOf = (signer: Signer): DelegationPrivateKey => {
    const pair = keys.get(signer);
    if (pair === undefined) {
      throw new TypeError(`No key for ${signer}`);
    }
    return pair.privateKey;
  };
  const link = async (
    delegator: Signer,
    delegate: string,
    more: Partial<CreateLinkOptions> = {},
  ): Promise<string> =>
    await createDelegationLink({
      delegator,
      delegate,
      audience: AUDIENCE,
      key: keyOf(delegator),
      scope: ['*:*'],
      lifetimeSeconds: 600,
      nowSeconds: now,
      random: (count) => randomBytes(count),
      ...more,
    });
  /** A link that the library would not make: claims of `base` changed, signed by anybody under any header. */
  const forge = async (
    base: string,
    change: Readonly<Record<string, unknown>>,
    signer: Signer,
    header: Readonly<Record<string, unknown>> = {},
  ): Promise<string> =>
    await new CompactSign(Buffer.from(JSON.stringify({ ...claimsOf(base), ...change })))
      .setProtectedHeader({ alg: 'EdDSA', typ: 'smcp-delegation+jwt', ...header })
      .sign(keyOf(signer));

  const good = await link('key:alice', 'agent:worker');
  const toPlanner = await link('key:alice', 'agent:planner', { maxDepth: 5 });
  const plannerToWorker = await link('agent:planner', 'agent:worker', { maxDepth: 4, previous: toPlanner });
  const two = `${toPlanner},${plannerToWorker}`;
  const workerToCourier = await link('agent:worker', 'agent:courier', { maxDepth: 3, previous: two });
  const three = `${two},${workerToCourier}`;
  const toWorker = await link('key:alice', 'agent:worker', { maxDepth: 5 });
  const workerToPlanner = await link('agent:worker', 'agent:planner', { maxDepth: 4, previous: toWorker });
  const detour = `${toWorker},${workerToPlanner}`;
  const [, payload = '', signature = ''] = good.split('.');
  return {
    good,
    narrow: await link('key:alice', 'agent:worker', { scope: ['everything:echo'] }),
    wide: await link('key:carol', 'agent:planner', { scope: ['*:*'] }),
    forged: await forge(good, {}, 'agent:worker'),
    tampered: `${good.split('.', 1)[0]}.${encode({ ...claimsOf(good), exp: now + 1200 })}.${signature}`,
    'alg-none': `${encode({ alg: 'none', typ: 'smcp-delegation+jwt' })}.${payload}.${signature}`,
    'alg-hs256': `${encode({ alg: 'HS256', typ: 'smcp-delegation+jwt' })}.${payload}.${signature}`,
    'other-type': await forge(good, {}, 'key:alice', { typ: 'JWT' }),
    'own-key': await forge(good, {}, 'agent:worker', {
      jwk: { kty: 'OKP', crv: 'Ed25519', x: keys.get('agent:worker')?.publicKey },
    }),
    'extra-claim': await forge(good, { admin: true }, 'key:alice'),
    'twice-scope': `${good.split('.', 1)[0]}.${Buffer.from('{"scope":["a:b"],"scope":["*:*"]}').toString('base64url')}.${signature}`,
    'padded-signature': `${good}==`,
    'other-audience': await link('key:alice', 'agent:worker', { audience: 'https://other.example.com' }),
    expired: await link('key:alice', 'agent:worker', { nowSeconds: now - 3000 }),
    early: await link('key:alice', 'agent:worker', { nowSeconds: now + 3000 }),
    lasting: await link('key:alice', 'agent:worker', { lifetimeSeconds: 7200 }),
    'over-long': `${good},${'A'.repeat(17 * 1024)}`,
    'too-many': `${three},${await link('agent:courier', 'agent:deputy', { maxDepth: 2, previous: three })}`,
    'too-deep': `${detour},${await link('agent:planner', 'agent:deputy', { maxDepth: 3, previous: detour })}`,
    loop: `${detour},${await forge(plannerToWorker, { max_depth: 3, prev: await digest(workerToPlanner) }, 'agent:planner')}`,
    'first-removed': plannerToWorker,
    'middle-removed': `${toPlanner},${workerToCourier}`,
    reordered: `${plannerToWorker},${toPlanner}`,
    'other-presenter': await link('key:alice', 'agent:planner'),
    'no-key': await forge(good, { iss: 'key:bob' }, 'key:alice'),
    'not-accepted': await link('key:carol', 'agent:worker'),
    'dead-delegator': await link('key:expired', 'agent:worker'),
    'beyond-depth': `${await link('key:alice', 'agent:planner')},${plannerToWorker}`,
    'too-short-depth': await (async () => {
      const last = await link('key:alice', 'agent:planner', { maxDepth: 0 });
      return `${last},${await forge(plannerToWorker, { prev: await digest(last) }, 'agent:planner')}`;
    })(),
    outlives: `${toPlanner},${await forge(plannerToWorker, { exp: now + 1200 }, 'agent:planner')}`,
    spaced: `${toPlanner}, ${plannerToWorker}`,
    'to-hermit': await link('key:alice', 'agent:hermit'),
  };
}

function claimsOf(compact: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(compact.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function digest(compact: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(compact))).toString('base64url');
}
