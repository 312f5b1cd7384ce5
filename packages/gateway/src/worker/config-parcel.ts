import { deserialize, serialize } from 'node:v8';
import type { LoadedConfig } from '../config/index.ts';
import { ChannelError } from './channel/channel-error.ts';

/**
 * A checked configuration as text, on its way to a worker: all workers have the same one, however often the file changes meanwhile. Holds secrets; it goes through
 * the pipe between two processes and nowhere else.
 */
export function packConfig(loaded: LoadedConfig): string {
  return serialize(pack(loaded)).toString('base64');
}

/**
 * The same configuration, frozen through and through.
 *
 * @throws {ChannelError} `CHANNEL_BROKEN` when the text was not made by `packConfig`.
 */
export function unpackConfig(text: string): LoadedConfig {
  let value: unknown;
  try {
    value = unpack(deserialize(Buffer.from(text, 'base64')));
  } catch (cause) {
    throw new ChannelError('CHANNEL_BROKEN', 'The other process sent no configuration', { cause });
  }
  if (!isLoaded(value)) {
    throw new ChannelError('CHANNEL_BROKEN', 'The other process sent no configuration');
  }
  return value;
}

/**
 * Objects whose keys are the user's have no prototype, so that no name means something by itself. Serializing would give them one, so they travel as maps, of
 * which a configuration has none.
 */
function pack(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(pack);
  }
  const entries = Object.entries(value).map(([key, below]): [string, unknown] => [key, pack(below)]);
  return Object.getPrototypeOf(value) === null ? new Map(entries) : Object.fromEntries(entries);
}

function unpack(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return Object.freeze(value.map(unpack));
  }
  const isMap = value instanceof Map;
  const made: Record<string, unknown> = {};
  if (isMap) {
    Object.setPrototypeOf(made, null);
  }
  for (const [key, below] of isMap ? (value as ReadonlyMap<string, unknown>) : Object.entries(value)) {
    made[key] = unpack(below);
  }
  return Object.freeze(made);
}

/** It was checked where it was loaded, by the same program. */
function isLoaded(value: unknown): value is LoadedConfig {
  return typeof value === 'object' && value !== null && 'config' in value && 'policy' in value;
}
