import { describe, expect, it } from 'vitest';
import { isMetadataAddress } from '../../src/config/index.ts';
import { isReadableOnTheWay } from '../../src/config/upstream-address.ts';

describe('isMetadataAddress() (A63, A64)', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'https://169.254.0.1/',
    'http://169.254.255.255:8080/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://169.254.43518/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[fe80::1]/',
    'http://[febf::1]/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200/',
    'http://metadata.google.internal/',
    'http://METADATA.google.internal./',
  ])('knows %s', (url) => {
    expect(isMetadataAddress(new URL(url))).toBe(true);
  });

  it.each([
    'http://169.253.255.255/',
    'http://169.255.0.0/',
    'http://[fec0::1]/',
    'http://[fe7f::1]/',
    'http://127.0.0.1/',
    'http://10.0.0.1/',
    'https://metadata.example/',
    'https://169.254.169.254.example/',
  ])('lets %s pass', (url) => {
    expect(isMetadataAddress(new URL(url))).toBe(false);
  });
});

describe('isReadableOnTheWay()', () => {
  it.each([
    ['http://a.example/', true],
    ['http://8.8.8.8/', true],
    ['http://[2001:db8::1]/', true],
    ['https://a.example/', false],
    ['http://localhost:3000/', false],
    ['http://127.0.0.2/', false],
    ['http://[::1]/', false],
    ['http://192.168.1.1/', false],
    ['http://172.16.0.1/', false],
    ['http://172.32.0.1/', true],
    ['http://[fd12::1]/', false],
    ['http://service/', false],
    ['http://service.namespace.svc.cluster.local/', false],
  ])('says for %s: %s', (url, readable) => {
    expect(isReadableOnTheWay(new URL(url))).toBe(readable);
  });
});
