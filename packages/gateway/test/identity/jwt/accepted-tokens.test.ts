import { describe, expect, it } from 'vitest';
import { AcceptedTokens, type AcceptedToken } from '../../../src/identity/jwt/accepted-tokens.ts';
import { Time } from '../fixture.ts';

const token = (id: string): AcceptedToken => ({
  principal: { id, kind: 'user', tenant: 'default', roles: [] },
  audiences: [],
  endsAtMs: 0,
});

describe('AcceptedTokens', () => {
  it('recalls a token for a minute from when it was checked, however often it is used', () => {
    const time = new Time();
    const tokens = new AcceptedTokens(() => time.monotonicMs);
    const ada = token('ada');
    tokens.remember('h', ada);
    time.pass(59_000);
    expect(tokens.recall('h')).toBe(ada);
    time.pass(999);
    expect(tokens.recall('h')).toBe(ada);
    time.pass(1);
    expect(tokens.recall('h')).toBeUndefined();
    expect(tokens.former('h')).toBe(ada);
  });

  it('recalls nothing that is in doubt, until it was checked again', () => {
    const tokens = new AcceptedTokens(() => 0);
    const ada = token('ada');
    tokens.remember('h', ada);
    tokens.doubt();
    expect(tokens.recall('h')).toBeUndefined();
    expect(tokens.former('h')).toBe(ada);
    tokens.remember('h', ada);
    expect(tokens.recall('h')).toBe(ada);
  });

  it('forgets', () => {
    const tokens = new AcceptedTokens(() => 0);
    tokens.remember('h', token('ada'));
    tokens.forget('h');
    expect([tokens.recall('h'), tokens.former('h'), tokens.size]).toEqual([undefined, undefined, 0]);
  });

  it('holds ten thousand and drops the longest unused', () => {
    const tokens = new AcceptedTokens(() => 0);
    for (let index = 0; index < 10_000; index += 1) tokens.remember(`h${index}`, token('x'));
    tokens.recall('h0');
    tokens.remember('one more', token('x'));
    expect(tokens.size).toBe(10_000);
    expect(tokens.recall('h0')).toBeDefined();
    expect(tokens.recall('h1')).toBeUndefined();
  });
});
