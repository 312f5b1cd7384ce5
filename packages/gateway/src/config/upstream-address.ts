import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { isLoopbackHost } from './listen-address.ts';

/**
 * Addresses that no upstream has but that hand out credentials of the machine: link-local ranges and the metadata services of clouds. IPv4 rules
 * also cover IPv4-mapped IPv6 addresses.
 */
const metadataAddresses = new BlockList();
metadataAddresses.addSubnet('169.254.0.0', 16, 'ipv4');
metadataAddresses.addSubnet('fe80::', 10, 'ipv6');
metadataAddresses.addAddress('fd00:ec2::254', 'ipv6');
metadataAddresses.addAddress('100.100.100.200', 'ipv4');

const METADATA_NAMES = new Set(['metadata', 'metadata.google.internal', 'metadata.goog', 'instance-data']);

const privateAddresses = new BlockList();
privateAddresses.addSubnet('10.0.0.0', 8, 'ipv4');
privateAddresses.addSubnet('172.16.0.0', 12, 'ipv4');
privateAddresses.addSubnet('192.168.0.0', 16, 'ipv4');
privateAddresses.addSubnet('fc00::', 7, 'ipv6');

/** True when a URL leads to a link-local address or a cloud's metadata service. Names are not looked up. */
export function isMetadataAddress(url: URL): boolean {
  const host = hostOf(url);
  return isWithin(metadataAddresses, host) || METADATA_NAMES.has(host);
}

/** True when a request to `url` can be read on its way through a public network. */
export function isReadableOnTheWay(url: URL): boolean {
  if (url.protocol !== 'http:') return false;
  const host = hostOf(url);
  if (isLoopbackHost(host) || isWithin(privateAddresses, host)) return false;
  const isInternalName =
    !host.includes('.') || /\.(?:internal|local|localhost|lan|home\.arpa|test)$/.test(host);
  return isIPv4(host) || isIPv6(host) || !isInternalName;
}

function hostOf(url: URL): string {
  return url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

function isWithin(list: BlockList, host: string): boolean {
  if (isIPv4(host)) return list.check(host, 'ipv4');
  return isIPv6(host) && list.check(host, 'ipv6');
}
