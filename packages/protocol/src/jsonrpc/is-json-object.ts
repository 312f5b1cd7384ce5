import type { JsonObject } from './messages.ts';

/** True for an object that is no array. Its members are taken to be JSON, which holds for everything that came out of a JSON parser. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
