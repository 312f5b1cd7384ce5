import { describe, expect, it } from 'vitest';
import { ifLiteralAddress, isWithinReach } from '../../../src/identity/jwt/address-rule.ts';

const PUBLIC = ['8.8.8.8', '192.0.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'];

const PRIVATE = [
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::a00:1',
  '2002:a00:1::',
  'fc00::1',
  'fd12:3456::1',
  'ff02::1',
];

/** Addresses that hand out credentials of the machine. */
const NEVER = [
  '169.254.169.254',
  '::ffff:169.254.169.254',
  'fe80::1',
  'fe80::1%eth0',
  'fd00:ec2::254',
  '100.100.100.200',
];

describe('isWithinReach() (A63, A64)', () => {
  it.each(PUBLIC)('lets %s be reached from everywhere', (address) => {
    expect(isWithinReach(address, 'public')).toBe(true);
    expect(isWithinReach(address, 'configured')).toBe(true);
  });

  it.each(PRIVATE)('lets %s be reached only where the operator said so', (address) => {
    expect(isWithinReach(address, 'public')).toBe(false);
    expect(isWithinReach(address, 'configured')).toBe(true);
  });

  it.each(NEVER)('never lets %s be reached', (address) => {
    expect(isWithinReach(address, 'public')).toBe(false);
    expect(isWithinReach(address, 'configured')).toBe(false);
  });

  it.each(['', 'localhost', '0x7f000001', '127.1', '1.2.3.4.5', '[::1]'])(
    'takes %j for no address',
    (text) => {
      expect(isWithinReach(text, 'configured')).toBe(false);
    },
  );
});

describe('ifLiteralAddress() (A64)', () => {
  it.each([
    ['https://127.0.0.1:8443/x', '127.0.0.1'],
    ['https://[::1]/x', '::1'],
    // The URL parser writes every spelling of an IPv4 address in the same way.
    ['https://0x7f000001/', '127.0.0.1'],
    ['https://2130706433/', '127.0.0.1'],
    ['https://127.1/', '127.0.0.1'],
  ])('reads %s', (url, address) => {
    expect(ifLiteralAddress(new URL(url))).toBe(address);
  });

  it('gives nothing for a name', () => {
    expect(ifLiteralAddress(new URL('https://login.example/'))).toBeUndefined();
  });
});
