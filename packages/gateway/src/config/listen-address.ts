import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Config } from './schema.ts';

/** Where to listen. An empty `host` is every address of the machine, as `net.Server.listen` takes it. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** True when only this machine can connect. */
  readonly loopback: boolean;
}

const LISTEN = /^(?:\[(?<ipv6>[^\]]*)\]|(?<name>[^:[\]]*)):(?<port>\d{1,5})$/;
const HOST_NAME = /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}))*$/;

const loopbackAddresses = new BlockList();
loopbackAddresses.addSubnet('127.0.0.0', 8, 'ipv4');
loopbackAddresses.addAddress('::1', 'ipv6');

/** Reads `host:port`, `:port` or `[IPv6]:port`; undefined for anything else. Port 0 is any free port. */
export function ifListenAddress(text: string): ListenAddress | undefined {
  const parts = LISTEN.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const port = Number(parts['port']);
  if (port > 65_535) return undefined;
  const { ipv6, name } = parts;
  if (ipv6 !== undefined) {
    return isIPv6(ipv6) ? { host: ipv6, port, loopback: isLoopbackHost(ipv6) } : undefined;
  }
  if (name === undefined || name === '') return { host: '', port, loopback: false };
  const isName = HOST_NAME.test(name) && !/^[\d.]+$/.test(name);
  return isIPv4(name) || isName ? { host: name, port, loopback: isLoopbackHost(name) } : undefined;
}

/**
 * Where a loaded configuration wants the gateway to listen.
 *
 * @throws {RangeError} When `listen` cannot be read, which `loadConfig` has ruled out.
 */
export function listenAddress(config: Pick<Config, 'listen'>): ListenAddress {
  const address = ifListenAddress(config.listen);
  if (address === undefined) throw new RangeError('Expected "listen" to be host:port, :port or [IPv6]:port');
  return address;
}

/** True for `localhost`, 127.0.0.0/8 and `::1`, without brackets. Other names are not looked up. */
export function isLoopbackHost(host: string): boolean {
  if (isIPv4(host)) return loopbackAddresses.check(host, 'ipv4');
  if (isIPv6(host)) return loopbackAddresses.check(host, 'ipv6');
  return host.toLowerCase() === 'localhost';
}
