import { describe, expect, it } from 'vitest';
import { callerOf, silentCaller } from '../../../src/door/mcp/caller.ts';
import { fakeRequest } from '../http/fake-request.ts';
import { ALICE } from './handshake/sessions.ts';

const KEY = 'team-key-0123456789';
const HEADER = 'x-github-token';

/** Who calls with these values of its own header, logged in with `authorization`. */
function caller(values: readonly string[] | undefined, authorization: readonly string[] = [`Bearer ${KEY}`]) {
  const request = fakeRequest(
    ...authorization.map((value) => ['Authorization', value] as const),
    ...(values ?? []).map((value) => [HEADER, value] as const),
  );
  return callerOf({ request, principal: ALICE }, { id: 'ses-1' });
}

describe('callerOf()', () => {
  it('names principal and session', () => {
    expect(caller(undefined)).toMatchObject({ principal: ALICE, session: 'ses-1' });
  });
});

describe('silentCaller()', () => {
  it('has no credential of its own and no session', () => {
    const silent = silentCaller(ALICE);
    expect([silent.principal, silent.session, silent.credential(HEADER)]).toEqual([
      ALICE,
      undefined,
      undefined,
    ]);
  });
});

describe('callerOf() credential', () => {
  it.each([
    'ghp_0123456789',
    'Bearer ghp_0123456789',
    // Near to the token of the login, and another all the same.
    KEY.slice(0, -1),
    KEY.toUpperCase(),
  ])('is %s as the caller sent it [S1-15]', (value) => {
    expect(caller([value]).credential(HEADER)).toBe(value);
  });

  it.each([
    ['the token of the login', KEY],
    ['it with a scheme', `Bearer ${KEY}`],
    ['it with a scheme of another case', `bearer  ${KEY}`],
    ['it in a list', `x,${KEY},y`],
    ['it with one more character', `${KEY}0`],
  ])('is none for %s (A43)', (_what, value) => {
    expect(caller([value]).credential(HEADER)).toBeUndefined();
  });

  it('is none for the token of the login whatever case its scheme had (A43)', () => {
    expect(caller([KEY], [`BEARER ${KEY}`]).credential(HEADER)).toBeUndefined();
  });

  it('is none in the header of the login itself (A43)', () => {
    expect(caller(undefined).credential('authorization')).toBeUndefined();
  });

  it.each([
    ['was not sent', undefined],
    ['was sent twice', ['ghp_1', 'ghp_2']],
    ['is empty', ['']],
    ['cannot be sent on', ['pässword']],
    ['is a token of a gateway by its form', ['smcp_key_abcdefgh']],
  ])('is none when the header %s', (_what, values) => {
    expect(caller(values).credential(HEADER)).toBeUndefined();
  });

  it('is none from any other header', () => {
    expect(caller(['ghp_1']).credential('x-slack-token')).toBeUndefined();
  });
});
