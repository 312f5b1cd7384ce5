import addFormats from 'ajv-formats';
import type { Ajv2020, Format } from 'ajv/dist/2020.js';
import { TooMuchToRead, type ReadingBudget } from './reading-budget.ts';

/** Some formats take time quadratic to the length. */
const MAX_FORMAT_UNITS = 2048;

const STRING_FORMATS = [
  'date',
  'time',
  'date-time',
  'duration',
  'uri',
  'uri-reference',
  'uri-template',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
  'json-pointer',
  'relative-json-pointer',
  'regex',
  'byte',
] as const;

/** Makes the string formats of JSON Schema known to `ajv`. A longer text than they can judge quickly throws `TooMuchToRead`. */
export function addBoundedFormats(ajv: Ajv2020, budget: ReadingBudget): void {
  for (const name of STRING_FORMATS) {
    const check = toCheck(addFormats.default.get(name));
    ajv.addFormat(name, (text: string) => {
      if (text.length > MAX_FORMAT_UNITS) throw new TooMuchToRead();
      budget.spend(text.length);
      return check(text);
    });
  }
}

function toCheck(format: Format): (text: string) => boolean {
  const validate = typeof format === 'object' && 'validate' in format ? format.validate : format;
  if (validate instanceof RegExp) return (text) => validate.test(text);
  if (isTextCheck(validate)) return (text) => validate(text) === true;
  throw new TypeError('Format is neither an expression nor a function');
}

function isTextCheck(value: unknown): value is (text: string) => unknown {
  return typeof value === 'function';
}
