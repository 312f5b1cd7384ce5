import { describe, expect, it } from 'vitest';
import { readSchema } from '../../src/scripts/script-schema.ts';

const object = (more: object) => ({ type: 'object', ...more });
const property = (schema: unknown) => object({ properties: { p: schema } });

describe('readSchema()', () => {
  it.each([
    ['no properties', object({})],
    [
      'what schemas are made of',
      property({ type: ['string', 'null'], enum: ['a', null], description: 'x', default: {} }),
    ],
    [
      'inner references',
      object({ $defs: { city: { type: 'string' } }, properties: { c: { $ref: '#/$defs/city' } } }),
    ],
    ['a reference to itself', property({ $ref: '#' })],
    [
      'combinations',
      property({ anyOf: [{ type: 'string' }, true], not: false, prefixItems: [{}], items: {} }),
    ],
    [
      'a property that is called like a keyword',
      object({ properties: { type: { type: 'string' }, $ref: {} } }),
    ],
    ['bounds', property({ minimum: -1.5, maximum: 2, minLength: 0, pattern: '^a+$' })],
    ['keywords that are not known', property({ 'x-order': 1 })],
  ])('takes %s', (_, schema) => {
    expect(readSchema(schema, 'input')).toEqual(schema);
  });

  it.each([
    ['a text', 'object', '"input" must be a JSON Schema of an object'],
    ['a list', [], '"input" must be a JSON Schema of an object'],
    ['null', null, '"input" must be a JSON Schema of an object'],
    ['another type', { type: 'array' }, '"input" must be a JSON Schema of an object'],
    ['several types', { type: ['object', 'null'] }, '"input" must be a JSON Schema of an object'],
    ['no type', { properties: {} }, '"input" must be a JSON Schema of an object'],
    ['properties in a list', object({ properties: [] }), '"input.properties" must be an object'],
    ['a property that is no schema', property('string'), '"input.properties.p" must be a schema'],
    ['an unknown type', property({ type: 'date' }), '"input.properties.p.type" is "date"'],
    ['no types', property({ type: [] }), '"input.properties.p.type"'],
    ['required that is no list', object({ required: true }), '"input.required" must be a list of texts'],
    ['required that holds no texts', object({ required: [1] }), '"input.required" must be a list of texts'],
    ['an empty enum', property({ enum: [] }), '"input.properties.p.enum" must be a list, not empty'],
    ['empty anyOf', property({ anyOf: [] }), '"input.properties.p.anyOf"'],
    ['items in a list', property({ items: [{}] }), 'a list of them is "prefixItems"'],
    [
      'a remote reference (A14)',
      property({ $ref: 'https://example.com/s' }),
      '"input.properties.p.$ref" is "https://',
    ],
    ['a reference to a file', property({ $ref: 'other.json#/a' }), '$ref'],
    ['an anchor', property({ $ref: '#city' }), '$ref'],
    ['an id', object({ $id: 'https://example.com/s' }), '"input.$id" is not accepted'],
    ['a dynamic reference', property({ $dynamicRef: '#a' }), '$dynamicRef'],
    [
      'a description that is no text',
      property({ description: {} }),
      '"input.properties.p.description" must be a text',
    ],
    ['a long pattern (A77)', property({ pattern: 'a'.repeat(201) }), 'at most 200 characters'],
    ['a pattern that is no text', property({ pattern: 1 }), 'regular expression'],
    ['a fraction for a count', property({ minLength: 1.5 }), 'whole number'],
    ['a negative count', property({ maxItems: -1 }), 'whole number'],
    ['a text for a number', property({ minimum: '1' }), 'must be a number'],
    ['the key __proto__ (A72)', JSON.parse('{"type":"object","properties":{"__proto__":{}}}'), '__proto__'],
    ['half of a letter', property({ title: '\ud800' }), 'surrogate'],
    ['what JSON does not have', property({ default: () => 1 }), 'is function'],
    ['a number without bounds', property({ default: Infinity }), 'is number'],
    ['a large number', property({ default: 1n }), 'is bigint'],
  ])('refuses %s', (_, schema, message) => {
    expect(() => readSchema(schema, 'input')).toThrow(
      expect.objectContaining({ code: 'SCRIPT_INVALID', message: expect.stringContaining(message) }),
    );
  });

  it('bounds depth, size and text (A14)', () => {
    const deep = (depth: number): object => (depth === 0 ? {} : { not: deep(depth - 1) });
    expect(readSchema(object(deep(15)), 'input')).toBeDefined();
    expect(() => readSchema(object(deep(16)), 'input')).toThrow(/nested deeper than 16/);
    expect(() => readSchema(object(deep(5000)), 'input')).toThrow(/nested deeper than 16/);
    const cycle: Record<string, unknown> = { type: 'object' };
    cycle['not'] = cycle;
    expect(() => readSchema(cycle, 'input')).toThrow(/nested deeper than 16/);
    expect(() => readSchema(property({ enum: Array(1000).fill(1) }), 'input')).toThrow(
      /more than 1000 values/,
    );
    expect(() => readSchema(property({ description: 'x'.repeat(16 * 1024) }), 'input')).toThrow(
      /more than 16384 characters/,
    );
  });

  it('names hostile keys so that they can be seen', () => {
    expect(() => readSchema(object({ properties: { 'a\u202e\n': 1 } }), 'output')).toThrow(
      '"output.properties.a\\u202e\\n" must be a schema',
    );
  });
});
