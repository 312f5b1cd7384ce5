import type { JsonValue } from '@smcp/protocol';
import { quoted, scriptInvalid } from './script-invalid.ts';

const MAX_DEPTH = 16;
const MAX_NODES = 1000;
const MAX_TEXT = 16 * 1024;

/**
 * Copies what should be JSON, within bounds.
 *
 * @param place Name of the value in messages, such as `input`.
 * @throws {CodeModeError} `SCRIPT_INVALID` for what is no JSON, too deep, too much or too long, and for the key `__proto__`.
 */
export function copyJson(value: unknown, place: string): JsonValue {
  return new Copy(place).copy(value, place, 1);
}

class Copy {
  readonly #root: string;
  #nodes = 0;
  #text = 0;

  constructor(root: string) {
    this.#root = root;
  }

  copy(value: unknown, place: string, depth: number): JsonValue {
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES) {
      throw scriptInvalid(`"${this.#root}" holds more than ${MAX_NODES} values`);
    }
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value === 'string') return this.#string(value, place);
    if (typeof value !== 'object')
      throw scriptInvalid(`"${place}" is ${typeof value}, which JSON does not have`);
    if (depth > MAX_DEPTH) throw scriptInvalid(`"${this.#root}" is nested deeper than ${MAX_DEPTH}`);
    if (Array.isArray(value)) {
      const list: readonly unknown[] = value;
      return list.map((element, index) => this.copy(element, `${place}[${index}]`, depth + 1));
    }
    const copied: Record<string, JsonValue> = {};
    for (const [key, member] of Object.entries(value) as [string, unknown][]) {
      if (key === '__proto__') throw scriptInvalid(`"${place}" has the key "__proto__"`);
      this.#string(key, place);
      copied[key] = this.copy(member, `${place}.${quotedKey(key)}`, depth + 1);
    }
    return copied;
  }

  #string(text: string, place: string): string {
    this.#text += text.length;
    if (this.#text > MAX_TEXT) throw scriptInvalid(`"${this.#root}" holds more than ${MAX_TEXT} characters`);
    if (!text.isWellFormed()) throw scriptInvalid(`"${place}" holds half of a surrogate pair`);
    return text;
  }
}

function quotedKey(key: string): string {
  return quoted(key).slice(1, -1);
}
