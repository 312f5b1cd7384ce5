import { hash } from 'node:crypto';
import { isJsonObject, type JsonValue } from '@smcp/protocol';

/**
 * Writes a value so that equal meanings give equal texts: keys in the order of their code units, no blanks, and the names of a `required` list in
 * order, for there it means nothing. All other lists keep their order.
 *
 * @returns Undefined when the value is nested deeper than `maxDepth`; the outermost object is depth 1.
 */
export function canonicalJson(value: JsonValue, maxDepth = Infinity): string | undefined {
  if (isJsonObject(value)) {
    const members: string[] = [];
    for (const key of Object.keys(value).sort()) {
      const member = value[key] ?? null;
      const text = maxDepth === 0 ? undefined : canonicalJson(ordered(key, member), maxDepth - 1);
      if (text === undefined) {
        return undefined;
      }
      members.push(`${JSON.stringify(key)}:${text}`);
    }
    return maxDepth === 0 ? undefined : `{${members.join(',')}}`;
  }
  if (isList(value)) {
    const elements: string[] = [];
    for (const element of value) {
      const text = maxDepth === 0 ? undefined : canonicalJson(element, maxDepth - 1);
      if (text === undefined) {
        return undefined;
      }
      elements.push(text);
    }
    return maxDepth === 0 ? undefined : `[${elements.join(',')}]`;
  }
  return JSON.stringify(value);
}

/** Whether two values mean the same. */
export function isSameJson(one: JsonValue, other: JsonValue): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

/** `sha256:` and 64 hexadecimal digits over the UTF-8 bytes of a text. */
export function digestOf(text: string): string {
  return `sha256:${hash('sha256', text, 'hex')}`;
}

/** `Array.isArray` for lists that must not be changed. */
export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function ordered(key: string, value: JsonValue): JsonValue {
  return key === 'required' && isList(value) && value.every((name) => typeof name === 'string')
    ? value.toSorted()
    : value;
}
