import { ChannelError } from './channel-error.ts';

/** The body of a message, of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** @throws {ChannelError} `CHANNEL_BROKEN` when it is no object. */
export function asFields(body: unknown): Fields {
  if (isFields(body)) {
    return body;
  }
  throw broken('a body that is no object');
}

/** @throws {ChannelError} `CHANNEL_BROKEN` when the field is no text. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') {
    return value;
  }
  throw broken(`no text in "${name}"`);
}

/** @throws {ChannelError} `CHANNEL_BROKEN` when the field is there and no text. */
export function ifTextOf(fields: Fields, name: string): string | undefined {
  return fields[name] === undefined ? undefined : textOf(fields, name);
}

/** @throws {ChannelError} `CHANNEL_BROKEN` when the field is no whole number from 0. */
export function countOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (Number.isSafeInteger(value) && Number(value) >= 0) {
    return Number(value);
  }
  throw broken(`no number in "${name}"`);
}

/** @throws {ChannelError} `CHANNEL_BROKEN` when the field is neither true nor false. */
export function flagOf(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value === 'boolean') {
    return value;
  }
  throw broken(`neither true nor false in "${name}"`);
}

/** @throws {ChannelError} `CHANNEL_BROKEN` when the field is not one of these texts. */
export function oneOf<T extends string>(fields: Fields, name: string, texts: readonly T[]): T {
  const value = textOf(fields, name);
  const found = texts.find((text) => text === value);
  if (found === undefined) {
    throw broken(`an unknown word in "${name}"`);
  }
  return found;
}

function isFields(body: unknown): body is Fields {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

function broken(what: string): ChannelError {
  return new ChannelError('CHANNEL_BROKEN', `The other process sent ${what}`);
}
