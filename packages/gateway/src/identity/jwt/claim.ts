import { isJsonObject, type JsonObject } from '@smcp/protocol';

/** The claim with exactly this name, else what the dotted path leads to. Own members only; undefined when there is none. */
export function claimAt(claims: JsonObject, path: string): unknown {
  // Names such as `https://example.com/roles` have dots of their own.
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const step of path.split('.')) {
    if (!isJsonObject(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

/** The texts of a list; undefined when it is anything else, or longer than `max`. */
export function ifTexts(value: unknown, max: number): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length > max) return undefined;
  const texts = value.filter((item): item is string => typeof item === 'string');
  return texts.length === value.length ? texts : undefined;
}
