import { describe, expect, it } from 'vitest';
import { issueKey } from '../../src/identity/index.ts';
import type { AuthResult } from '../../src/identity/index.ts';
import {
  hashToken,
  keyEntry,
  NOT_VALID,
  NOW_MS,
  openGate,
  principalOf,
  random,
  SOURCE,
  tokenOf,
} from './fixture.ts';

const secret = 'CANARY-in-an-error-message';

function fail(): never {
  throw new TypeError(secret);
}

const closed: AuthResult = {
  ok: false,
  code: 'AUTH_UNKNOWN',
  message: NOT_VALID,
  detail: 'the check itself failed with TypeError',
};

/** A check that breaks must refuse, not let through and not throw. */
describe('authenticate() when a check itself fails (A40)', () => {
  it('refuses when the hash cannot be made', async () => {
    let broken = false;
    await using gate = await openGate(
      { apiKeys: [keyEntry('alice')] },
      { hashToken: (token) => (broken ? fail() : hashToken(token)) },
    );
    broken = true;
    expect(await gate.present(tokenOf('key', 'alice'))).toEqual(closed);
  });

  it('refuses when a clock cannot be read, and then holds nobody current', async () => {
    for (const which of ['clock', 'monotonic'] as const) {
      let broken = false;
      await using gate = await openGate(
        { apiKeys: [keyEntry('alice')] },
        { [which]: () => (broken ? fail() : NOW_MS) },
      );
      const before = principalOf(await gate.present(tokenOf('key', 'alice')));
      broken = true;
      expect(await gate.present(tokenOf('key', 'alice'))).toEqual(closed);
      expect(gate.service.isCurrent(before)).toBe(false);
    }
  });

  it('refuses when the clock gives no number', async () => {
    await using gate = await openGate({ apiKeys: [keyEntry('alice')] });
    gate.time.wallMs = Number.NaN;
    expect(await gate.present(tokenOf('key', 'alice'))).toMatchObject({ code: 'AUTH_EXPIRED' });
  });

  it('refuses when the store fails over an unknown token', async () => {
    await using gate = await openGate();
    gate.store.mode = 'down';
    expect(await gate.present(tokenOf('key', 'guess'))).toMatchObject({
      code: 'AUTH_UNKNOWN',
      message: NOT_VALID,
      detail: 'the check itself failed with StoreError',
    });
  });

  it('refuses in time when the store hangs over an unknown token', async () => {
    await using gate = await openGate();
    gate.store.mode = 'hangs';
    expect(await gate.present(tokenOf('key', 'guess'))).toMatchObject({ code: 'AUTH_UNKNOWN' });
  });

  it('refuses what cannot be read of the request', async () => {
    await using gate = await openGate({ apiKeys: [keyEntry('alice')] });
    const authorization = `Bearer ${tokenOf('key', 'alice')}`;
    const unreadable = ['source', 'authorization', 'delegationChain'].map((name) =>
      Object.defineProperty({ source: SOURCE, authorization }, name, { get: fail }),
    );
    for (const presented of unreadable) expect(await gate.service.authenticate(presented)).toEqual(closed);
  });
});

describe('authenticate() when the store stops answering', () => {
  it('goes on for half a minute with what it knows, then refuses the keys of the store alone', async () => {
    await using gate = await openGate({ apiKeys: [keyEntry('alice')] });
    const context = { store: gate.store, hashToken, random, clock: () => NOW_MS };
    const { token } = await issueKey(context, { name: 'bob', roles: ['reader'] });
    const bob = principalOf(await gate.present(token));

    gate.store.mode = 'down';
    await expect(gate.service.refresh()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    gate.time.pass(30_000);
    expect(await gate.present(token)).toMatchObject({ ok: true });
    expect(gate.service.isCurrent(bob)).toBe(true);

    gate.time.pass(1);
    expect(await gate.present(token)).toMatchObject({
      code: 'AUTH_UNKNOWN',
      message: NOT_VALID,
      detail: 'the store that knows key:bob does not answer',
    });
    expect(gate.service.isCurrent(bob)).toBe(false);
    expect(await gate.present(tokenOf('key', 'alice'))).toMatchObject({ ok: true });

    gate.store.mode = 'up';
    await gate.service.refresh();
    expect(gate.service.isCurrent(bob)).toBe(true);
  });
});

describe('authenticate() keeps tokens to itself', () => {
  it('whatever is presented, however it is refused', async () => {
    const canary = 'C4n4ryC4n4ryC4n4ryC4n4ryC4n4ryC4n4ryC4n4ryC';
    const tokens = [`smcp_key_${canary}`, `smcp_agent_${canary}`, `smcp_key_${canary.slice(0, 10)}`, canary];
    const headers = tokens.flatMap((token) => [
      `Bearer ${token}`,
      token,
      `Basic ${token}`,
      `Bearer ${token} ${token}`,
      `Bearer  ${token}`,
    ]);
    await using gate = await openGate({
      apiKeys: [keyEntry('old', { key: tokens[0]!, expires: '2027-01-01' })],
      authFailureRate: { calls: '12/min' },
    });
    for (const authorization of headers) {
      for (const more of [{}, { codeHash: tokens[0]! }, { delegationChain: tokens[0]! }]) {
        const result = await gate.service.authenticate({ source: SOURCE, authorization, ...more });
        expect(result.ok).toBe(false);
        // A hint may end with the first four characters, nothing may hold the fifth.
        expect(JSON.stringify(result)).not.toContain(canary.slice(0, 5));
      }
    }
    expect(JSON.stringify(gate.service.listPrincipals())).not.toContain(canary.slice(0, 5));
  });
});
