import { describe, expect, it } from 'vitest';
import { ownerKey, Tally } from '../../../src/door/mcp/tally.ts';
import { ALICE } from './handshake/sessions.ts';

describe('Tally', () => {
  it('counts by key, never below nothing', () => {
    const tally = new Tally();
    tally.add('a');
    tally.add('a');
    tally.remove('a');
    tally.remove('b');
    expect([tally.of('a'), tally.of('b'), tally.of('__proto__')]).toEqual([1, 0, 0]);
    tally.remove('a');
    tally.remove('a');
    tally.add('a');
    expect(tally.of('a')).toBe(1);
  });
});

describe('ownerKey()', () => {
  it('tells tenants apart, and nothing but tenant and name', () => {
    expect(ownerKey(ALICE)).toBe(ownerKey({ ...ALICE, roles: ['other'] }));
    expect(ownerKey(ALICE)).not.toBe(ownerKey({ ...ALICE, tenant: 'other' }));
    expect(ownerKey(ALICE)).not.toBe(ownerKey({ ...ALICE, id: 'key:bob' }));
  });
});
