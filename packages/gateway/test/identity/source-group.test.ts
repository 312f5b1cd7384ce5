import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceGroup } from '../../src/identity/source-group.ts';

describe('sourceGroup()', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['0:0:0:0:0:FFFF:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['stdio', 'stdio'],
    ['', ''],
  ])('counts %s as %s', (address, group) => {
    expect(sourceGroup(address)).toBe(group);
  });

  it('counts neighbours of a /64 as one and the next /64 apart', () => {
    expect(sourceGroup('2001:db8:0:1::1')).toBe(sourceGroup('2001:db8:0:1:ffff:ffff:ffff:ffff'));
    expect(sourceGroup('2001:db8:0:1::1')).not.toBe(sourceGroup('2001:db8:0:2::1'));
  });

  it('cuts text that is no address', () => {
    expect(sourceGroup('x'.repeat(10_000))).toHaveLength(64);
  });

  it('gives every spelling of an address the group of its first four groups', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
        expect(sourceGroup(address)).toBe(sourceGroup(canonical));
      }),
    );
  });
});
