import { describe, expect, it } from 'vitest';
import { KeySource } from '../../../src/identity/jwt/key-source.ts';
import { Time } from '../fixture.ts';
import { issuerConfig, issuerWith, signingKey, type FakeIssuer } from './issuer-fixture.ts';
import { toIssuerTerms } from '../../../src/identity/jwt/issuer-terms.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

const first = await signingKey('first');
const second = await signingKey('second');

interface Setup extends Disposable {
  readonly issuer: FakeIssuer;
  readonly time: Time;
  readonly source: KeySource;
  readonly errors: unknown[];
}

async function setUp(): Promise<Setup> {
  const issuer = await issuerWith(first);
  const time = new Time();
  const errors: unknown[] = [];
  const source = new KeySource({
    terms: toIssuerTerms('corp', issuerConfig()),
    fetchDocument: issuer.fetchDocument,
    monotonicMs: () => time.monotonicMs,
    onError: (error) => errors.push(error),
  });
  return { issuer, time, source, errors, [Symbol.dispose]: () => source[Symbol.dispose]() };
}

const kidsOf = async (source: KeySource, kid?: string): Promise<readonly string[] | undefined> => {
  const keys = await source.keysFor(kid);
  return keys && [...keys.kids];
};

/** Lets what was begun aside come to its end. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('KeySource', () => {
  it('asks nobody before a key is needed, and once for all that need it at the same time', async () => {
    using setup = await setUp();
    expect(setup.issuer.asked).toEqual([]);
    const found = await Promise.all(Array.from({ length: 20 }, () => kidsOf(setup.source, 'first')));
    expect(found).toEqual(Array.from({ length: 20 }, () => ['first']));
    expect(setup.issuer.keysAsked).toBe(1);
  });

  it('keeps keys for ten minutes, then fetches them before they are used', async () => {
    using setup = await setUp();
    const { issuer, source, time } = setup;
    await source.keysFor('first');
    issuer.keys = [second.publicJwk];
    time.pass(10 * MINUTE_MS - 1);
    expect(await kidsOf(source, 'first')).toEqual(['first']);
    expect(issuer.keysAsked).toBe(1);
    time.pass(1);
    expect(await kidsOf(source, 'first')).toEqual(['second']);
    expect(issuer.keysAsked).toBe(2);
  });

  it('fetches at once for a key it does not know, and finds it', async () => {
    using setup = await setUp();
    const { issuer, source } = setup;
    await source.keysFor('first');
    issuer.keys = [second.publicJwk];
    expect(await kidsOf(source, 'second')).toEqual(['second']);
    expect(issuer.keysAsked).toBe(2);
  });

  it('fetches for unknown keys every thirty seconds at most, whatever they are called (A42)', async () => {
    using setup = await setUp();
    const { issuer, source, time } = setup;
    await source.keysFor('first');
    for (let index = 0; index < 50; index += 1) {
      expect(await kidsOf(source, `guess-${index}`)).toEqual(['first']);
    }
    expect(issuer.keysAsked).toBe(2);
    time.pass(30 * SECOND_MS - 1);
    await source.keysFor('another');
    expect(issuer.keysAsked).toBe(2);
    time.pass(1);
    await source.keysFor('another');
    expect(issuer.keysAsked).toBe(3);
  });

  it('does not ask for a token that names no key', async () => {
    using setup = await setUp();
    await setup.source.keysFor('first');
    expect(await kidsOf(setup.source)).toEqual(['first']);
    expect(setup.issuer.keysAsked).toBe(1);
  });

  it('goes on with its keys for an hour while the issuer is down, and not longer', async () => {
    using setup = await setUp();
    const { issuer, source, time } = setup;
    await source.keysFor('first');
    issuer.mode = 'down';
    time.pass(60 * MINUTE_MS - 1);
    expect(await kidsOf(source, 'first')).toEqual(['first']);
    time.pass(1);
    expect(await kidsOf(source, 'first')).toBeUndefined();
    expect(setup.errors.length).toBeGreaterThan(0);
  });

  it('has nothing while an issuer never answered, tells each failure, and asks again after five seconds', async () => {
    using setup = await setUp();
    const { issuer, source, time, errors } = setup;
    issuer.mode = 'down';
    expect(await source.keysFor('first')).toBeUndefined();
    const attempts = issuer.asked.length;
    expect(errors).toEqual([expect.objectContaining({ code: 'ISSUER_UNREACHABLE' })]);
    issuer.mode = 'up';
    time.pass(5 * SECOND_MS - 1);
    expect(await source.keysFor('first')).toBeUndefined();
    expect(issuer.asked).toHaveLength(attempts);
    time.pass(1);
    expect(await kidsOf(source, 'first')).toEqual(['first']);
  });

  it('keeps what it has when what it fetches is no JWK Set', async () => {
    using setup = await setUp();
    await setup.source.keysFor('first');
    setup.issuer.keys = [];
    expect(await kidsOf(setup.source, 'second')).toEqual(['first']);
    expect(setup.errors).toEqual([expect.objectContaining({ code: 'ISSUER_DOCUMENT_INVALID' })]);
  });

  it('believes no metadata of another issuer (A45)', async () => {
    using setup = await setUp();
    setup.issuer.issuer = 'https://evil.example';
    expect(await setup.source.keysFor('first')).toBeUndefined();
    expect(setup.issuer.keysAsked).toBe(0);
  });

  it('ends a request under way when it is disposed, has nothing then and tells nobody', async () => {
    using setup = await setUp();
    setup.issuer.mode = 'hangs';
    const waiting = setup.source.keysFor('first');
    await settle();
    setup.source[Symbol.dispose]();
    expect(await waiting).toBeUndefined();
    setup.issuer.mode = 'up';
    setup.time.pass(MINUTE_MS);
    expect(await setup.source.keysFor('first')).toBeUndefined();
    expect(setup.errors).toEqual([]);
  });
});
