import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import { freeName } from '../../src/bindings/identifier.ts';
import { BOUNDS } from '../../src/bindings/schema/bounds.ts';
import { schemaType, type SchemaType } from '../../src/bindings/schema-type.ts';
import { HOSTILE_SCHEMAS, SCHEMA_CORPUS } from './schema-corpus.ts';

function typeOf(schema: JsonObject, of: 'arguments' | 'result' = 'arguments'): SchemaType {
  const taken = new Set<string>();
  const nameFor = (hint: string): string => freeName(hint, taken);
  return schemaType(schema, { of, name: 'Whole', nameFor, indent: '', maxCommentChars: 200 });
}

/** On one line, as the corpus has it. */
function flat(text: string): string {
  return text
    .replaceAll(/\{\n\s*/g, '{ ')
    .replaceAll(/;\n\s*\}/g, ' }')
    .replaceAll(/\n\s*/g, ' ');
}

const property = (schema: JsonObject): string =>
  flat(typeOf({ properties: { v: schema } }).text).replace(/^\{ (.*) \}$/, '$1');

describe('schemaType()', () => {
  it.each(SCHEMA_CORPUS)('schemaType() tells $name', ({ schema, of, type }) => {
    const { text } = typeOf(schema, of);
    expect(flat(text).replaceAll(/\/\*\*.*?\*\/ /g, '')).toBe(type);
  });

  it('schemaType() puts short objects on one line and others on one line for each member', () => {
    const small = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'number' } } };
    expect(typeOf({ properties: { small, note: { description: 'x'.repeat(60) } } }).text).toBe(
      `{\n  small?: { a?: string; b?: number };\n  /** ${'x'.repeat(60)} */ note?: unknown;\n}`,
    );
  });

  it('schemaType() names parts that are referred to, and tells short ones in place', () => {
    const type = typeOf({
      properties: { a: { $ref: '#/$defs/node' }, b: { $ref: '#/$defs/word' } },
      $defs: {
        node: { properties: { next: { $ref: '#/$defs/node' } } },
        word: { type: 'string' },
        unused: { properties: { x: {} } },
      },
    });
    expect(type).toEqual({
      text: '{ a?: Node; b?: string }',
      isNamed: false,
      parts: [{ name: 'Node', text: '{ next?: Node }' }],
    });
  });

  it('schemaType() gives up on a part that would be itself, and on no other', () => {
    const parts = (schema: JsonObject): unknown =>
      typeOf({ properties: { a: { $ref: '#/$defs/x' } }, $defs: { x: schema } }).parts;
    const self = { $ref: '#/$defs/x' };
    expect(parts({ type: 'array', items: self })).toEqual([{ name: 'X', text: 'X[]' }]);
    expect(parts({ prefixItems: [{ type: 'string' }, self] })).toEqual([{ name: 'X', text: '[string, X]' }]);
    expect(parts({ prefixItems: [self], minItems: 0 })).toEqual([{ name: 'X', text: '[unknown?]' }]);
    expect(parts({ prefixItems: [{ items: self }], minItems: 0 })).toEqual([
      { name: 'X', text: '[unknown[]?]' },
    ]);
    expect(parts({ prefixItems: [{ properties: { x: self } }], minItems: 0 })).toEqual([
      { name: 'X', text: '[{ x?: X }?]' },
    ]);
    expect(parts({ properties: { x: self }, allOf: [self] })).toEqual([{ name: 'X', text: '{ x?: X }' }]);
  });

  it('schemaType() says whether the whole is part of itself', () => {
    expect(typeOf({ properties: { next: { $ref: '#' } } })).toMatchObject({
      isNamed: true,
      text: '{ next?: Whole }',
    });
  });

  it.each([
    [{ type: 'string', description: 'The owner' }, '/** The owner */ v?: string'],
    [{ type: 'string', title: 'Owner' }, '/** Owner */ v?: string'],
    [{ type: 'string', format: 'date-time' }, '/** @format "date-time" */ v?: string'],
    [
      { type: 'integer', description: 'How many.', minimum: 1, maximum: 100, default: 30 },
      '/** How many. @minimum 1 @maximum 100 @default 30 */ v?: number',
    ],
    [
      { type: 'array', items: {}, minItems: 1, default: ['a', 1] },
      '/** @minItems 1 @default ["a", 1] */ v?: unknown[]',
    ],
    [{ type: 'boolean', deprecated: true, default: false }, '/** @deprecated @default false */ v?: boolean'],
    [{ type: 'string', default: '*/ evil' }, String.raw`/** @default "*\/ evil" */ v?: string`],
    [{ type: 'string', pattern: '/**/' }, String.raw`/** @pattern "/**\/" */ v?: string`],
    [{ description: 'a\nb\n\nc' }, '/** a b c */ v?: unknown'],
    [{ description: '@ts-ignore' }, '/** @ ts-ignore */ v?: unknown'],
    [{ default: { a: [1] } }, 'v?: unknown'],
    [{ default: {} }, '/** @default {} */ v?: unknown'],
    [{ description: '' }, 'v?: unknown'],
    [{ description: 7, default: null }, '/** @default null */ v?: unknown'],
  ] as [JsonObject, string][])('schemaType() tells %j as %s', (schema, expected) => {
    expect(property(schema)).toBe(expected);
  });

  it('schemaType() bounds comments', () => {
    const text = property({
      description: 'd'.repeat(5000),
      default: 'v'.repeat(5000),
      pattern: 'p'.repeat(5000),
    });
    expect(text.length).toBeLessThan(BOUNDS.commentChars + 2 * BOUNDS.valueChars + 60);
    expect(text).toContain('d…');
  });

  it('schemaType() leaves comments out of types that would be too long, then tells them as anything', () => {
    const many = (key: number): JsonObject => ({
      properties: Object.fromEntries(
        Array.from({ length: 290 }, (_, n) => [
          'k'.repeat(key) + n,
          {
            properties: {
              a: { type: 'string', description: 'd'.repeat(200) },
              b: { description: 'd'.repeat(200) },
            },
          },
        ]),
      ),
    });
    expect(typeOf(many(100)).text).toMatch(/^\{\n {2}k{100}0\?: \{ a\?: string; b\?: unknown \};/);
    const long = { ...many(190), patternProperties: {} };
    const nestedLong = {
      properties: Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((key) => [key, long])),
    };
    expect(typeOf(nestedLong)).toEqual({ text: 'Record<string, unknown>', isNamed: false, parts: [] });
    expect(typeOf(nestedLong, 'result').text).toBe('any');
  });

  it('schemaType() admits other properties when it cannot tell all', () => {
    const schema = { properties: Object.fromEntries(Array.from({ length: 301 }, (_, n) => [`p${n}`, {}])) };
    expect(typeOf(schema).text).toContain('  [key: string]: unknown;\n}');
    const { p300: _, ...fewer } = schema.properties;
    expect(typeOf({ properties: fewer }).text).not.toContain('[key: string]');
  });

  it.each(HOSTILE_SCHEMAS)('schemaType() bears $name (A14)', ({ schema }) => {
    const started = performance.now();
    for (const of of ['arguments', 'result'] as const) {
      const { text, parts } = typeOf(schema, of);
      const length = parts.reduce((sum, part) => sum + part.text.length, text.length);
      expect(length).toBeLessThanOrEqual(BOUNDS.textChars);
    }
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('schemaType() changes nothing in the schema', () => {
    const frozen = deepFreeze(structuredClone(SCHEMA_CORPUS.map(({ schema }) => schema)));
    for (const schema of frozen) expect(() => typeOf(schema)).not.toThrow();
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
