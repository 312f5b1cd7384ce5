import { describe, expect, it } from 'vitest';
import { isLoopbackHost, listenAddress } from '../../src/config/index.ts';

describe('listenAddress()', () => {
  it.each([
    [':8080', '', 8080, false],
    [':0', '', 0, false],
    [':65535', '', 65_535, false],
    ['127.0.0.1:8080', '127.0.0.1', 8080, true],
    ['127.8.9.10:1', '127.8.9.10', 1, true],
    ['128.0.0.1:1', '128.0.0.1', 1, false],
    ['localhost:80', 'localhost', 80, true],
    ['LocalHost:80', 'LocalHost', 80, true],
    ['localhost.example:80', 'localhost.example', 80, false],
    ['0.0.0.0:80', '0.0.0.0', 80, false],
    ['[::1]:80', '::1', 80, true],
    ['[::]:80', '::', 80, false],
    ['[::ffff:127.0.0.1]:80', '::ffff:127.0.0.1', 80, true],
    ['gate-1.example:443', 'gate-1.example', 443, false],
  ])('reads %s', (listen, host, port, loopback) => {
    expect(listenAddress({ listen })).toEqual({ host, port, loopback });
  });

  it.each([
    '',
    ':',
    '8080',
    ':65536',
    ':99999',
    ':-1',
    ':1.5',
    ':0x10',
    ': 80',
    'a:b',
    '[]:80',
    '[127.0.0.1]:80',
    '::1:80',
    '1.2.3:80',
    '1.2.3.4.5:80',
    '-a:80',
    'a..b:80',
    'a_b:80',
    ':80\n',
  ])('throws for %j', (listen) => {
    expect(() => listenAddress({ listen })).toThrow(RangeError);
  });
});

describe('isLoopbackHost()', () => {
  it('believes addresses and the name localhost, and no name that only looks like it', () => {
    expect(['127.0.0.1', '::1', 'localhost'].map(isLoopbackHost)).toEqual([true, true, true]);
    expect(
      ['', '127.0.0.1.example', 'localhost.', '0.0.0.0', '::', '[::1]', '2130706433'].map(isLoopbackHost),
    ).toEqual(Array<boolean>(7).fill(false));
  });
});
