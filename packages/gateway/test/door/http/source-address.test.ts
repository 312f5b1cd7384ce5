import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createSourceAddress } from '../../../src/door/http/source-address.ts';

function request(remoteAddress: string | undefined, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

describe('createSourceAddress()', () => {
  it.each([
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['::ffff:10.0.0.1', undefined, '10.0.0.1'],
    ['fd00::1', undefined, 'fd00::1'],
    [undefined, undefined, 'unknown'],
    ['10.0.0.1', '203.0.113.9', '10.0.0.1'],
  ])('believes nobody without trusted proxies: %s says %s', (remote, forwarded, source) => {
    expect(createSourceAddress([])(request(remote, forwarded))).toBe(source);
  });

  const behind = createSourceAddress(['10.0.0.0/8', '192.0.2.7', 'fd00::/16']);

  it.each([
    ['10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['fd00::1', '2001:db8::9', '2001:db8::9'],
    ['10.0.0.1', '203.0.113.9, 192.0.2.7', '203.0.113.9'],
    ['10.0.0.1', '203.0.113.9,10.1.1.1 , 192.0.2.7', '203.0.113.9'],
    ['10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
  ])('looks through trusted proxies: %s says %s', (remote, forwarded, source) => {
    expect(behind(request(remote, forwarded))).toBe(source);
  });

  it('does not believe what the client itself put in front', () => {
    expect(behind(request('10.0.0.1', '127.0.0.1, 203.0.113.9'))).toBe('203.0.113.9');
    expect(behind(request('10.0.0.1', '10.9.9.9, 203.0.113.9, 192.0.2.7'))).toBe('203.0.113.9');
  });

  it.each(['', 'unknown', 'evil', '203.0.113.9:80', '_hidden', '1.2.3'])(
    'stays with the proxy when it says %j',
    (forwarded) => {
      expect(behind(request('10.0.0.1', forwarded))).toBe('10.0.0.1');
    },
  );

  it('does not believe an address that is not trusted', () => {
    expect(behind(request('192.0.2.8', '203.0.113.9'))).toBe('192.0.2.8');
  });

  it('stays with the outermost address when all are trusted', () => {
    expect(behind(request('10.0.0.1', '10.0.0.3, 10.0.0.2'))).toBe('10.0.0.3');
  });
});
