import fc from 'fast-check';
import type { JsonObject, JsonValue } from '@smcp/protocol';
import type { ToolDefinition } from '../../src/tool-host.ts';
import { BREAKOUTS } from './hostile-tools.ts';

const text = fc.oneof(
  fc.constantFrom(...BREAKOUTS, 'a', 'b', 'node', 'Args', 'ToolFunction', 'Record', 'constructor', 'then'),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('*', '/', '\\', "'", '`', '@ts-', '\n', ' ', '{', '}', ';'),
    maxLength: 12,
  }),
);
const key = fc.oneof(fc.constantFrom('a', 'b', 'c', '__proto__'), text);
const reference = fc.oneof(
  fc.constantFrom(
    '#',
    '#/$defs/a',
    '#/$defs/b',
    '#/$defs/c',
    '#/properties/a',
    '#anchor',
    'https://x.example/y',
  ),
  text,
);

const { schema } = fc.letrec<{ schema: JsonValue; many: JsonValue }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.boolean(),
    fc.record(
      {
        type: fc.oneof(
          fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'object', 'array'),
          fc.subarray(['string', 'null', 'object', 'array']),
          text,
        ),
        description: text,
        default: fc.oneof(text, fc.jsonValue({ maxDepth: 1 })),
        format: text,
        enum: fc.array(fc.oneof(text, fc.integer(), fc.double(), fc.constant(null)), { maxLength: 3 }),
        $ref: reference,
        $anchor: fc.constant('anchor'),
        nullable: fc.boolean(),
        minItems: fc.integer({ min: -1, max: 3 }),
      },
      { requiredKeys: [] },
    ),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(key, tie('schema'), { maxKeys: 4 }),
        required: fc.array(key, { maxLength: 3 }),
        additionalProperties: tie('schema'),
        patternProperties: fc.dictionary(key, tie('schema'), { maxKeys: 2 }),
        description: text,
      },
      { requiredKeys: ['properties'] },
    ),
    fc.record(
      { items: fc.oneof(tie('schema'), tie('many')), prefixItems: tie('many'), minItems: fc.nat(3) },
      { requiredKeys: [] },
    ),
    fc.record(
      { $ref: reference, anyOf: tie('many'), oneOf: tie('many'), allOf: tie('many') },
      { requiredKeys: [] },
    ),
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>,
  ) as fc.Arbitrary<JsonValue>,
  many: fc.array(tie('schema'), { maxLength: 3 }),
}));

const root = fc
  .record({
    properties: fc.dictionary(key, schema, { maxKeys: 4 }),
    required: fc.array(key, { maxLength: 2 }),
    anyOf: fc.option(fc.array(schema, { maxLength: 2 }), { nil: undefined }),
    $defs: fc.dictionary(fc.oneof(fc.constantFrom('a', 'b', 'c'), text), schema, { maxKeys: 4 }),
  })
  .map((members) => JSON.parse(JSON.stringify({ type: 'object', ...members })) as JsonObject);

/** A tool whose every word may be an attack. */
export const arbitraryTool: fc.Arbitrary<ToolDefinition> = fc.record(
  { name: text, title: text, description: text, inputSchema: root, outputSchema: root },
  { requiredKeys: ['name', 'inputSchema'] },
);
