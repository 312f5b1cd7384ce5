import { describe, expect, it } from 'vitest';
import { toIssuerTerms } from '../../../src/identity/jwt/issuer-terms.ts';
import { toPrincipal } from '../../../src/identity/jwt/to-principal.ts';
import { goodClaims, issuerConfig } from './issuer-fixture.ts';
import type { JsonObject } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';

const roles = { engineers: 'eng', leads: ['eng', 'admin'], 'Domain Users': 'staff', read: 'reader' };

function principalOf(claims: object, settings: object = {}): Principal {
  const result = toPrincipal(
    { ...goodClaims(), ...claims } as JsonObject,
    toIssuerTerms('corp', issuerConfig({ roles, ...settings })),
  );
  if (!result.ok) throw new Error(result.detail);
  return result.principal;
}

function refusalOf(claims: object, settings: object = {}): string {
  const result = toPrincipal(
    { ...goodClaims(), ...claims } as JsonObject,
    toIssuerTerms('corp', issuerConfig({ roles, ...settings })),
  );
  if (result.ok) throw new Error(`Expected a refusal, got ${result.principal.id}`);
  return result.detail;
}

describe('toPrincipal()', () => {
  it('makes a frozen user of the default tenant', () => {
    const principal = principalOf({ scope: 'mcp read:x' });
    expect(principal).toEqual({
      id: 'user:corp:ada',
      kind: 'user',
      tenant: 'default',
      roles: ['eng'],
      scopes: ['mcp', 'read:x'],
    });
    expect(
      Object.isFrozen(principal) && Object.isFrozen(principal.roles) && Object.isFrozen(principal.scopes),
    ).toBe(true);
  });

  it.each([
    ['auth0|5f7c8ec7', 'user:corp:auth0|5f7c8ec7'],
    ['ada@example.com', 'user:corp:ada@example.com'],
    ['a:b:c', 'user:corp:a:b:c'],
    ['ada lovelace', 'user:corp:ada%20lovelace'],
    ['100%25', 'user:corp:100%2525'],
    ['línea', 'user:corp:l%C3%ADnea'],
    ['a\r\nb\u001b[2Jc', 'user:corp:a%0D%0Ab%1B%5B2Jc'],
    ['ad\u202ea', 'user:corp:ad%E2%80%AEa'],
    ['<b>"x"\\', 'user:corp:%3Cb%3E%22x%22%5C'],
    ['😀', 'user:corp:%F0%9F%98%80'],
  ])('writes the id of %j so that it can be printed', (sub, id) => {
    expect(principalOf({ sub }).id).toBe(id);
  });

  it('gives different texts different ids', () => {
    const texts = ['a b', 'a%20b', 'a+b', 'A b', 'a\u00a0b', 'a  b', 'е', 'e'];
    expect(new Set(texts.map((sub) => principalOf({ sub }).id)).size).toBe(texts.length);
  });

  it.each([[undefined], [''], [7], [['ada']], [{}], [null], ['a'.repeat(257)], ['\ud800']])(
    'refuses a user whose name is %j (A42)',
    (sub) => {
      expect(refusalOf({ sub })).toBe('no usable "sub"');
    },
  );

  it('accepts a name of 256 characters', () => {
    expect(principalOf({ sub: 'a'.repeat(256) }).id).toBe(`user:corp:${'a'.repeat(256)}`);
  });

  it('takes another claim as name, also inside of one', () => {
    expect(principalOf({ oid: '7-8' }, { id_claim: 'oid' }).id).toBe('user:corp:7-8');
    expect(principalOf({ who: { id: 'x' } }, { id_claim: 'who.id' }).id).toBe('user:corp:x');
    expect(refusalOf({}, { id_claim: 'oid' })).toBe('no usable "oid"');
  });

  it('refuses an address that its issuer has not verified', () => {
    const settings = { id_claim: 'email' };
    expect(principalOf({ email: 'ada@example.com', email_verified: true }, settings).id).toContain('ada@');
    expect(refusalOf({ email: 'ada@example.com', email_verified: false }, settings)).toBe(
      'the address is not verified',
    );
  });

  it.each([
    ['a list', ['engineers', 'read'], ['eng', 'reader']],
    ['a text', 'engineers', ['eng']],
    ['a text of several', 'read engineers', ['reader', 'eng']],
    ['a value that gives several', ['leads'], ['eng', 'admin']],
    ['a role twice', ['engineers', 'leads'], ['eng', 'admin']],
    ['a text with a blank inside', 'Domain Users', ['staff']],
    ['an item with a blank inside', ['Domain Users'], ['staff']],
  ])('maps %s', (_name, groups, expected) => {
    expect(principalOf({ groups }).roles).toEqual(expected);
  });

  it.each([
    ['nothing', undefined],
    ['an unknown value', ['sales']],
    ['another case', ['Engineers']],
    ['the name of a role', ['eng', 'admin']],
    ['a part of an item', ['engineers x']],
    ['a glob', ['*']],
    ['a name of the prototype', ['constructor', '__proto__', 'toString']],
    ['a number', 7],
    ['an object', { engineers: true }],
    ['items that are no text', [['engineers'], { engineers: 1 }, null]],
  ])('gives no role for %s (A41)', (_name, groups) => {
    expect(principalOf({ groups }).roles).toEqual([]);
  });

  it('gives no role when none is mapped', () => {
    expect(principalOf({}, { roles: {} }).roles).toEqual([]);
  });

  it('finds roles inside of a claim', () => {
    const claims = { realm_access: { roles: ['leads'] } };
    expect(principalOf(claims, { roles_claim: 'realm_access.roles' }).roles).toEqual(['eng', 'admin']);
  });

  it('looks at a thousand values and no more', () => {
    const many = (count: number): string[] => [
      ...Array.from({ length: count }, (_, index) => `g${index}`),
      'engineers',
    ];
    expect(principalOf({ groups: many(999) }).roles).toEqual(['eng']);
    expect(principalOf({ groups: many(1000) }).roles).toEqual([]);
  });

  it('takes the tenant from its claim and refuses a token without', () => {
    const settings = { tenant_claim: 'tid' };
    expect(principalOf({ tid: 'acme corp' }, settings).tenant).toBe('acme%20corp');
    expect(refusalOf({}, settings)).toBe('no usable "tid"');
    expect(refusalOf({ tid: 7 }, settings)).toBe('no usable "tid"');
  });

  it.each([
    ['scope', { scope: 'a b' }, ['a', 'b']],
    ['scp as a text', { scp: 'a b' }, ['a', 'b']],
    ['scp as a list', { scp: ['a', 'b'] }, ['a', 'b']],
    ['both', { scope: 'a', scp: ['b', 'a'] }, ['a', 'b']],
    ['none', {}, []],
    ['empty', { scope: '  ' }, []],
    ['another kind', { scope: { a: true }, scp: 7 }, []],
    ['a scope that could break a header', { scope: 'a"b c\\d e\u0007f g' }, ['g']],
    ['a scope that is too long', { scope: `${'x'.repeat(129)} y` }, ['y']],
  ])('reads scopes: %s', (_name, claims, scopes) => {
    expect(principalOf(claims).scopes).toEqual(scopes);
  });
});
