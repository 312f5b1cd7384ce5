import { isIPv4, isIPv6 } from 'node:net';

const MAX_OTHER_LENGTH = 64;

/**
 * The unit in which failed attempts are counted: an IPv4 address, the /64 of an IPv6 address (one customer has a whole /64 to change in), or any
 * other text as it stands, cut. Different spellings of an address give the same group.
 */
export function sourceGroup(address: string): string {
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return address.slice(0, MAX_OTHER_LENGTH);
  const groups = expand(address.replace(/%.*$/, ''));
  const mapped = ifMappedIPv4(groups);
  if (mapped !== undefined) return mapped;
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The eight 16-bit groups of a valid address without a zone. */
function expand(address: string): readonly number[] {
  const [head = '', tail] = address.split('::');
  const front = readGroups(head);
  if (tail === undefined) return front;
  const back = readGroups(tail);
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => 0);
  return [...front, ...zeros, ...back];
}

function readGroups(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

/** RFC 4291 section 2.5.5.2: what an IPv4 peer looks like on a socket of both families. */
function ifMappedIPv4(groups: readonly number[]): string | undefined {
  const [high = 0, low = 0] = groups.slice(6);
  if (groups[5] !== 0xff_ff || groups.slice(0, 5).some((group) => group !== 0)) return undefined;
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}
