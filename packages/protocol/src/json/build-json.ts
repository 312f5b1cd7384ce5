import type { JsonValue } from '../jsonrpc/messages.ts';
import { endOfJsonString } from './string-end.ts';

// NOTE: V8 from 12.8 on may read a key that ends in an escape as another key: once an object with the key `pat\` was parsed, `JSON.parse` of
// `{"pat\u0068":1}` can give the key `pat\` instead of `path` (nodejs/node 63785). Whoever sends both would hide an argument from us that the next
// reader sees. Texts with an escaped key are therefore built here; a string by itself is read correctly, and only that is left to `JSON.parse`.

interface Open {
  readonly list: JsonValue[] | undefined;
  readonly object: Record<string, JsonValue> | undefined;
  key: string | undefined;
}

const NAMES: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/**
 * Builds the value of a JSON text without trusting the engine with its keys, and without recursion.
 *
 * Expects a text that `JSON.parse` accepts and that has no key `__proto__`; does not check either.
 */
export function buildJson(text: string): JsonValue {
  const open: Open[] = [];
  let root: JsonValue = null;
  const place = (value: JsonValue): void => {
    const parent = open.at(-1);
    if (parent === undefined) {
      root = value;
    } else if (parent.object === undefined) {
      parent.list?.push(value);
    } else if (parent.key !== undefined) {
      parent.object[parent.key] = value;
      parent.key = undefined;
    }
  };

  let at = 0;
  while (at < text.length) {
    const start = at;
    at += 1;
    switch (text.charAt(start)) {
      case '{': {
        const object: Record<string, JsonValue> = {};
        place(object);
        open.push({ list: undefined, object, key: undefined });
        break;
      }
      case '[': {
        const list: JsonValue[] = [];
        place(list);
        open.push({ list, object: undefined, key: undefined });
        break;
      }
      case '}':
      case ']':
        open.pop();
        break;
      case '"': {
        at = endOfJsonString(text, start) ?? text.length;
        const string = String(JSON.parse(text.slice(start, at)));
        const parent = open.at(-1);
        if (parent?.object !== undefined && parent.key === undefined) parent.key = string;
        else place(string);
        break;
      }
      case ',':
      case ':':
      case ' ':
      case '\n':
      case '\r':
      case '\t':
        break;
      default: {
        while (at < text.length && !',}] \n\r\t'.includes(text.charAt(at))) at += 1;
        const scalar = text.slice(start, at);
        const name = NAMES.get(scalar);
        place(name === undefined ? Number(scalar) : name);
      }
    }
  }
  return root;
}
