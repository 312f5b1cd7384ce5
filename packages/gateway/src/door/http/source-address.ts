import { BlockList, isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';

/** Finds the address of whoever sent a request, looking through the proxies that are trusted to tell. */
export function createSourceAddress(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const trusted = new BlockList();
  for (const entry of trustedProxies) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) {
      trusted.addAddress(address, family);
    } else {
      trusted.addSubnet(address, Number(prefix), family);
    }
  }
  const isTrusted = (address: string): boolean =>
    isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (request) => {
    let source = plain(request.socket.remoteAddress ?? 'unknown');
    const header = request.headers['x-forwarded-for'];
    if (trustedProxies.length === 0 || typeof header !== 'string') {
      return source;
    }
    // From the nearest hop outwards: the first address that no trusted proxy vouches past is the source.
    const hops = header.split(',').map((hop) => plain(hop.trim()));
    while (isTrusted(source) && hops.length > 0) {
      const next = hops.pop() ?? '';
      if (isIP(next) === 0) {
        break;
      }
      source = next;
    }
    return source;
  };
}

function plain(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
