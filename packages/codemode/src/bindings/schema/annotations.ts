import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { commentLine } from '../text/comment-text.ts';
import { BOUNDS } from './bounds.ts';

/** Keywords that types cannot say, in the order in which they are told. */
const TOLD = [
  'format',
  'pattern',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'default',
] as const;

/** What a schema says besides its type, on one line that may stand in a comment: its description, formats, bounds and default. */
export function annotationsOf(schema: JsonValue, maxChars: number): string {
  if (!isJsonObject(schema)) return '';
  const words = schema['description'] ?? schema['title'];
  const parts = [typeof words === 'string' ? commentLine(words, maxChars) : ''];
  if (schema['deprecated'] === true) parts.push('@deprecated');
  for (const keyword of TOLD) {
    const says = Object.hasOwn(schema, keyword) && !isIdle(schema, keyword);
    const value = says ? shortJson(schema[keyword]) : '';
    if (value !== '') parts.push(`@${keyword} ${value}`);
  }
  return parts.filter((part) => part !== '').join(' ');
}

/** What tells a reader nothing: the expression behind a format, and bounds that are those of integers that JSON keeps exact. */
function isIdle(schema: JsonObject, keyword: (typeof TOLD)[number]): boolean {
  if (keyword === 'pattern') return typeof schema['format'] === 'string';
  const isBound = keyword === 'minimum' || keyword === 'maximum';
  return isBound && Math.abs(Number(schema[keyword])) === Number.MAX_SAFE_INTEGER;
}

/** Empty for what is too large to be told. */
function shortJson(value: JsonValue | undefined): string {
  if (typeof value === 'string') {
    return commentLine(JSON.stringify(value.slice(0, BOUNDS.valueChars * 2)), BOUNDS.valueChars);
  }
  if (Array.isArray(value)) {
    const items = value as readonly JsonValue[];
    if (items.length > 5 || items.some((item) => typeof item === 'object' && item !== null)) return '';
    return `[${items.map(shortJson).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0 ? '{}' : '';
  return value === undefined ? '' : String(value);
}
