import { BlockList, isIP } from 'node:net';
import { isMetadataAddress } from '../../config/upstream-address.ts';

/** Where a request may lead: to any address, for a host that the operator wrote; to a public one, for a host that a document named. */
export type Reach = 'configured' | 'public';

/** What no host of the public internet has, RFC 6890 and its successors. IPv4 rules also cover IPv4-mapped IPv6 addresses. */
const notPublic = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  notPublic.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  notPublic.addSubnet(network, bits, 'ipv6');
}

/** Whether a request within `reach` may go to this IP address. Link-local and metadata addresses are never reached. */
export function isWithinReach(address: string, reach: Reach): boolean {
  const plain = address.replace(/%.*$/, '');
  const family = isIP(plain);
  if (family === 0) return false;
  const url = URL.parse(family === 6 ? `http://[${plain}]` : `http://${plain}`);
  if (url === null || isMetadataAddress(url)) return false;
  return reach === 'configured' || !notPublic.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

/** The address that a URL names by number, without brackets; undefined when it names a host. */
export function ifLiteralAddress(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? undefined : host;
}
