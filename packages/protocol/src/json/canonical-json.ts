import { isJsonObject } from '../jsonrpc/is-json-object.ts';
import type { JsonObject, JsonValue } from '../jsonrpc/messages.ts';

interface Open {
  readonly list: readonly JsonValue[] | undefined;
  readonly object: JsonObject;
  readonly keys: readonly string[];
  at: number;
}

/**
 * Writes a JSON value in its one canonical form: no white space, members by code points of their keys, numbers as JavaScript writes them. Texts that mean
 * the same give the same, others never do; a zero keeps its sign. Works at any depth, in time linear to the size but for the sorting of keys.
 */
export function writeCanonical(value: JsonValue, write: (text: string) => void): void {
  const open: Open[] = [];
  let next: JsonValue = value;
  for (;;) {
    if (typeof next === 'object' && next !== null) {
      const container = toOpen(next);
      open.push(container);
      write(container.list === undefined ? '{' : '[');
    } else {
      write(scalarText(next));
    }
    let top = open.at(-1);
    while (top !== undefined && top.at === (top.list ?? top.keys).length) {
      write(top.list === undefined ? '}' : ']');
      open.pop();
      top = open.at(-1);
    }
    if (top === undefined) return;
    if (top.at > 0) write(',');
    next = step(top, write);
  }
}

/** The canonical form as one text. */
export function canonicalJson(value: JsonValue): string {
  let text = '';
  writeCanonical(value, (piece) => {
    text += piece;
  });
  return text;
}

/** The order of two texts by code points, which is that of their UTF-8 bytes. */
export function compareCodePoints(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const [left, right] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (left !== right) return rank(left) - rank(right);
  }
  return one.length - other.length;
}

const SURROGATES = 0xd800;
const AFTER_SURROGATES = 0xe000;

/** Surrogates stand for code points beyond all others. */
function rank(unit: number): number {
  return unit >= SURROGATES && unit < AFTER_SURROGATES ? unit + 0x1_0000 : unit;
}

function toOpen(value: readonly JsonValue[] | JsonObject): Open {
  return isJsonObject(value)
    ? { list: undefined, object: value, keys: Object.keys(value).sort(compareCodePoints), at: 0 }
    : { list: value, object: {}, keys: [], at: 0 };
}

function step(top: Open, write: (text: string) => void): JsonValue {
  const at = top.at;
  top.at += 1;
  if (top.list !== undefined) return top.list[at] ?? null;
  const key = top.keys[at] ?? '';
  write(`${JSON.stringify(key)}:`);
  return top.object[key] ?? null;
}

function scalarText(value: string | number | boolean | null): string {
  return Object.is(value, -0) ? '-0' : JSON.stringify(value);
}
