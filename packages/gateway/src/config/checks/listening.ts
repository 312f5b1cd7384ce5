import { isIPv4, isIPv6 } from 'node:net';
import { child, entriesOf, ifText, itemsOf, quote } from '../config-node.ts';
import { ifListenAddress } from '../listen-address.ts';
import type { Check } from './check.ts';

/** What the front of the gateway is told about addresses can be used as it is. */
export const checkListening: Check = (root, problems) => {
  const listen = child(root, 'listen');
  const address = ifText(listen);
  if (listen !== undefined && address !== undefined && ifListenAddress(address) === undefined) {
    const hint = /^\d+$/.test(address)
      ? `did you mean ":${address}"?`
      : 'such as "127.0.0.1:8080", ":8080" or "[::1]:8080"';
    problems.error(listen, 'wrong-value', 'Expected an address and a port from 0 to 65535', hint);
  }
  const publicUrl = child(root, 'public_url');
  const url = URL.parse(ifText(publicUrl) ?? '');
  if (
    publicUrl !== undefined &&
    url !== null &&
    (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
  ) {
    problems.error(publicUrl, 'forbidden', 'A public URL has no user name, password, "?" or "#" part');
  }
  for (const node of itemsOf(child(root, 'allowed_hosts'))) {
    const host = ifText(node);
    if (host !== undefined && !isHost(host)) {
      problems.error(node, 'wrong-value', `Expected a host name, with or without port, found ${quote(host)}`);
    }
  }
  for (const node of itemsOf(child(root, 'allowed_origins'))) {
    const origin = ifText(node);
    if (origin !== undefined && !isOrigin(origin)) {
      problems.error(
        node,
        'wrong-value',
        `Expected an origin such as "https://app.example.com", found ${quote(origin)}`,
      );
    }
  }
  for (const node of itemsOf(child(root, 'trusted_proxies'))) {
    const network = ifText(node);
    if (network !== undefined && !isNetwork(network)) {
      problems.error(
        node,
        'wrong-value',
        `Expected an address or a network such as "10.0.0.0/8", found ${quote(network)}`,
      );
    }
  }
};

/** Without prefixes there is nothing to tell two servers apart. */
export const checkNaming: Check = (root, problems) => {
  const naming = child(root, 'naming');
  if (naming === undefined || ifText(naming) !== 'none') return;
  const enabled = entriesOf(child(root, 'servers')).filter(([, server]) => {
    const flag = child(server, 'enabled');
    return !(flag?.kind === 'scalar' && flag.value === false);
  });
  if (enabled.length > 1) {
    problems.error(
      naming,
      'conflict',
      `Names without prefix need a single enabled server, found ${enabled.length}`,
    );
  }
};

function isHost(text: string): boolean {
  const address = ifListenAddress(/:\d+$/.test(text) && !isIPv6(text) ? text : `${text}:0`);
  return isIPv6(text) || (address !== undefined && address.host !== '');
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text.toLowerCase();
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  if (most === -1 || rest.length > 0) return false;
  return bits === undefined || (/^(?:0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= most);
}
