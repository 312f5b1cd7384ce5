import type { JsonObject } from '@smcp/protocol';
import { describe, expect, it } from 'vitest';
import { shownSchema } from '../../src/discovery/shown-schema.ts';

describe('shownSchema()', () => {
  it('leaves what calls depend on as it is', () => {
    const schema: JsonObject = {
      type: 'object',
      properties: {
        state: { type: 'string', enum: ['open', 'cl\u200Bosed'], default: 'open' },
        kind: { const: 'a\u202Eb' },
        id: { type: 'string', pattern: '^\\d+$', examples: [{ description: 'x\u202E' }] },
      },
      required: ['id'],
      additionalProperties: false,
    };
    expect(shownSchema(schema, 100)).toEqual(schema);
  });

  it('cleans and cuts texts at every depth', () => {
    const schema: JsonObject = {
      title: 'T\u202E',
      properties: { a: { items: [{ anyOf: [{ description: `\u001B[31m${'x'.repeat(50)}` }] }] } },
      $defs: { d: { description: 'z\u200B' } },
    };
    expect(shownSchema(schema, 10)).toEqual({
      title: 'T',
      properties: { a: { items: [{ anyOf: [{ description: '[31mxxxxx…' }] }] } },
      $defs: { d: { description: 'z' } },
    });
  });

  it('takes a property for a property whatever it is called', () => {
    const schema: JsonObject = {
      properties: {
        default: { description: 'a\u202E' },
        enum: { description: 'b\u202E' },
        description: { type: 'string', description: 'c\u202E' },
      },
    };
    expect(shownSchema(schema, 10)).toEqual({
      properties: {
        default: { description: 'a' },
        enum: { description: 'b' },
        description: { type: 'string', description: 'c' },
      },
    });
  });

  it('keeps a property called __proto__ a property', () => {
    const schema = JSON.parse('{"properties":{"__proto__":{"type":"string"}}}') as JsonObject;
    const shown = shownSchema(schema, 10);
    expect(JSON.stringify(shown)).toBe('{"properties":{"__proto__":{"type":"string"}}}');
    expect(Object.getPrototypeOf(shown['properties'])).toBe(Object.prototype);
  });

  it('lets anything be below 32 levels, however deep the schema (A14)', () => {
    let schema: JsonObject = { description: 'bottom' };
    for (let i = 0; i < 2000; i += 1) schema = { not: schema };
    const text = JSON.stringify(shownSchema(schema, 10));
    expect(text).not.toContain('bottom');
    expect(text.match(/not/gu)).toHaveLength(33);
  });

  it('says of a very large one only how large it is', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, i) => [`property${i}`, { type: 'string' }]),
    );
    expect(shownSchema({ type: 'object', properties }, 10)).toEqual({
      type: 'object',
      description: expect.stringMatching(/^Too large to show: \d+ characters$/u),
    });
  });
});
