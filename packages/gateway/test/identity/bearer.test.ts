import { describe, expect, it } from 'vitest';
import { readBearer } from '../../src/identity/bearer.ts';

describe('readBearer()', () => {
  it.each([
    ['Bearer smcp_key_abc', 'smcp_key_abc'],
    ['bearer abc', 'abc'],
    ['BEARER abc', 'abc'],
    ['Bearer AZaz09-._~+/==', 'AZaz09-._~+/=='],
  ])('takes the token out of %j [S1-38]', (header, token) => {
    expect(readBearer(header)).toEqual({ ok: true, token });
  });

  it.each([undefined, ''])('finds none in %j', (header) => {
    expect(readBearer(header)).toEqual({
      ok: false,
      code: 'AUTH_MISSING',
      detail: 'no Authorization header',
    });
  });

  const wrongForm = 'bearer token of the wrong form';
  const otherScheme = 'Authorization scheme is not Bearer';
  it.each([
    ['Bearer', wrongForm],
    ['Bearer ', wrongForm],
    ['Bearer  two-spaces', wrongForm],
    ['Bearer\tabc', wrongForm],
    ['Bearer abc ', wrongForm],
    ['Bearer abc def', wrongForm],
    ['Bearer abc,Bearer def', wrongForm],
    ['Bearer "abc"', wrongForm],
    ['Bearer ab=c', wrongForm],
    ['Bearer =', wrongForm],
    ['Bearer äbc', wrongForm],
    ['Bearer abc\r\nX-Role: admin', wrongForm],
    ['Bearer abc\0', wrongForm],
    [' Bearer abc', otherScheme],
    ['Basic dXNlcjpwYXNz', otherScheme],
    ['smcp_key_abcdefgh', otherScheme],
    ['Bearerabc', otherScheme],
    ['Token abc', otherScheme],
    ['null', otherScheme],
  ])('refuses %j', (header, detail) => {
    expect(readBearer(header)).toEqual({ ok: false, code: 'AUTH_MALFORMED', detail });
  });

  it('refuses one character more than 8 KiB', () => {
    const longest = `Bearer ${'a'.repeat(8 * 1024 - 7)}`;
    expect(readBearer(longest)).toMatchObject({ ok: true });
    expect(readBearer(`${longest}a`)).toEqual({
      ok: false,
      code: 'AUTH_MALFORMED',
      detail: 'Authorization header longer than 8 KiB',
    });
  });

  it('answers a megabyte of spaces at once', () => {
    expect(readBearer(`Bearer ${' '.repeat(1_000_000)}`)).toMatchObject({ code: 'AUTH_MALFORMED' });
  });
});
