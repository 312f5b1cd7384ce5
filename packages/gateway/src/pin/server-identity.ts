import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { ServerConfig } from '../config/schema.ts';
import { canonicalJson, digestOf } from './canonical-json.ts';

const MAX_CHARS = 256;

/** Which server it is that stands behind a name: what the operator configured, and what it says of itself. */
export interface ServerIdentity {
  /** The program, or the origin of the address. For people; `config` covers the whole. */
  readonly where: string;
  /** Digest over address, or program, arguments and working folder. Neither credentials nor environment. */
  readonly config: string;
  readonly name: string;
  readonly version: string;
}

/** How one identity differs from another, the gravest first. */
export type IdentityChange = 'server_changed' | 'server_renamed' | 'version_changed';

/** @param folder Working folder of a program that has none of its own. */
export function identityOf(config: ServerConfig, folder: string, serverInfo: JsonObject): ServerIdentity {
  const { url, command = '', args, cwd } = config;
  const reached = url === undefined ? { command, args, cwd: cwd ?? folder } : { url };
  return {
    where: url === undefined ? command : new URL(url).origin,
    config: digestOf(canonicalJson(reached) ?? ''),
    name: bounded(serverInfo['name']),
    version: bounded(serverInfo['version']),
  };
}

export function identityText({ where, config, name, version }: ServerIdentity): string {
  return JSON.stringify({ config, name, version, where });
}

/** Reads what `identityText` wrote; undefined for anything else, which then equals no identity. */
export function ifIdentity(text: string): ServerIdentity | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) {
    return undefined;
  }
  const { where, config, name, version } = value;
  return typeof where === 'string' &&
    typeof config === 'string' &&
    typeof name === 'string' &&
    typeof version === 'string'
    ? { where, config, name, version }
    : undefined;
}

/** @param pinned Undefined when it cannot be read. */
export function identityChange(
  pinned: ServerIdentity | undefined,
  seen: ServerIdentity,
): IdentityChange | undefined {
  if (pinned?.config !== seen.config) {
    return 'server_changed';
  }
  if (pinned.name !== seen.name) {
    return 'server_renamed';
  }
  return pinned.version === seen.version ? undefined : 'version_changed';
}

function bounded(value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  return text.length <= MAX_CHARS ? text : `${text.slice(0, 64)}… ${digestOf(text)}`;
}
