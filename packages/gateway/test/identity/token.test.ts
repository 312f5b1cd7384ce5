import { describe, expect, it } from 'vitest';
import { newToken, tokenHint } from '../../src/identity/index.ts';
import { isIssuedForm } from '../../src/identity/token.ts';
import { random } from './fixture.ts';

describe('newToken()', () => {
  it('makes smcp_key_ and 43 characters for keys [S1-23]', () => {
    expect(newToken('key', random)).toMatch(/^smcp_key_[A-Za-z0-9_-]{43}$/);
  });

  it('makes smcp_agent_ and 43 characters for agents [S1-25]', () => {
    expect(newToken('agent', random)).toMatch(/^smcp_agent_[A-Za-z0-9_-]{43}$/);
  });

  it('holds all 256 random bits and nothing else', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, index) => index);
    const token = newToken('key', (count) => bytes.subarray(0, count));
    expect(Buffer.from(token.slice('smcp_key_'.length), 'base64url')).toEqual(Buffer.from(bytes));
  });

  it.each([0, 16, 31, 33])('refuses a source of randomness that gives %i bytes', (length) => {
    expect(() => newToken('key', () => new Uint8Array(length))).toThrow(RangeError);
  });
});

describe('isIssuedForm()', () => {
  it.each([
    ['what newToken made', newToken('agent', random), true],
    ['one character less', newToken('key', random).slice(0, -1), false],
    ['one character more', `${newToken('key', random)}x`, false],
    ['another prefix', newToken('key', random).replace('key', 'user'), false],
    ['a line break at the end', `${newToken('key', random)}\n`, false],
    ['nothing', '', false],
  ])('tells %s', (_what, token, expected) => {
    expect(isIssuedForm(token)).toBe(expected);
  });
});

describe('tokenHint()', () => {
  it.each([
    ['smcp_key_ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'smcp_key_ABCD'],
    ['smcp_agent_ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'smcp_agent_ABCD'],
    ['smcp_key_0123456789abcdef', 'smcp_key_0123'],
    ['smcp_key_0123456789abcde', 'smcp_key_'],
    ['smcp_key_', 'smcp_key_'],
    ['my own password', ''],
    ['ghp_0123456789abcdefghij', ''],
    ['', ''],
  ])('shows of %j only %j', (token, hint) => {
    expect(tokenHint(token)).toBe(hint);
  });
});
