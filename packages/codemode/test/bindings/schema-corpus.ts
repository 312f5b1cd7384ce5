import type { JsonObject } from '@smcp/protocol';

/** A schema, its type without comments, and values that the compiler must take and must refuse. */
export interface SchemaCase {
  readonly name: string;
  readonly schema: JsonObject;
  readonly of?: 'arguments' | 'result';
  readonly type: string;
  readonly accepts: readonly string[];
  readonly refuses?: readonly string[];
}

const object = (properties: JsonObject, ...required: readonly string[]): JsonObject => ({
  type: 'object',
  properties,
  required,
});
const wrapped = (schema: JsonObject | boolean): JsonObject => object({ v: schema }, 'v');

/** A schema of one required property. */
const value = (
  name: string,
  schema: JsonObject | boolean,
  type: string,
  accepts: readonly string[],
  refuses: readonly string[] = [],
): SchemaCase => ({
  name,
  schema: wrapped(schema),
  type: `{ v: ${type} }`,
  accepts: accepts.map((text) => `{ v: ${text} }`),
  refuses: refuses.map((text) => `{ v: ${text} }`),
});

export const SCHEMA_CORPUS: readonly SchemaCase[] = [
  {
    name: 'an object with required and optional properties',
    schema: object({ owner: { type: 'string' }, limit: { type: 'integer' } }, 'owner'),
    type: '{ owner: string; limit?: number }',
    accepts: ["{ owner: 'a' }", "{ owner: 'a', limit: 1 }", "{ owner: 'a', limit: undefined }"],
    refuses: ['{}', '{ owner: 1 }', "{ owner: 'a', limit: '1' }", "{ owner: 'a', limt: 1 }", 'null'],
  },
  {
    name: 'an object with no properties at all',
    schema: { type: 'object' },
    type: 'Record<string, unknown>',
    accepts: ['{}', '{ a: 1 }'],
    refuses: ['1'],
  },
  {
    name: 'arguments with an empty list of properties',
    schema: { type: 'object', properties: {} },
    type: 'Record<string, never>',
    accepts: ['{}'],
    refuses: ['{ a: 1 }'],
  },
  {
    name: 'a result with an empty list of properties',
    schema: { type: 'object', properties: {} },
    of: 'result',
    type: 'Record<string, any>',
    accepts: ['{}', '{ a: 1 }'],
  },
  {
    name: 'an empty schema for arguments',
    schema: {},
    type: 'Record<string, unknown>',
    accepts: ['{}', '{ a: 1 }'],
    refuses: ["'a'"],
  },
  { name: 'an empty schema for a result', schema: {}, of: 'result', type: 'any', accepts: ['1', '{}'] },
  {
    name: 'arguments that are no object',
    schema: { type: 'string' },
    type: 'Record<string, unknown>',
    accepts: ['{ a: 1 }'],
    refuses: ["'a'"],
  },
  {
    name: 'a result that is an array',
    schema: { type: 'array', items: { type: 'string' } },
    of: 'result',
    type: 'string[]',
    accepts: ["['a']"],
    refuses: ['[1]'],
  },
  {
    name: 'open parts of a result',
    schema: object({ a: {}, b: { type: 'array' }, c: { type: 'object' } }),
    of: 'result',
    type: '{ a?: any; b?: any[]; c?: Record<string, any> }',
    accepts: ['{ a: 1, b: [1], c: { d: 1 } }'],
    refuses: ['{ b: 1 }'],
  },
  {
    name: 'additional properties',
    schema: { ...object({ a: { type: 'string' } }, 'a'), additionalProperties: true },
    type: '{ a: string; [key: string]: unknown }',
    accepts: ["{ a: 'a' }", "{ a: 'a', b: 1 }"],
    refuses: ['{ a: 1 }', '{ b: 1 }'],
  },
  {
    name: 'additional properties of one type',
    schema: { type: 'object', additionalProperties: { type: 'number' } },
    type: 'Record<string, number>',
    accepts: ['{}', '{ a: 1 }'],
    refuses: ["{ a: 'a' }"],
  },
  {
    name: 'additional properties of one type beside named ones',
    schema: { ...object({ a: { type: 'string' } }), additionalProperties: { type: 'number' } },
    type: '{ a?: string; [key: string]: unknown }',
    accepts: ["{ a: 'a', b: 1 }"],
    refuses: ['{ a: 1 }'],
  },
  {
    name: 'no additional properties',
    schema: { ...object({ a: { type: 'string' } }), additionalProperties: false },
    type: '{ a?: string }',
    accepts: ['{}'],
    refuses: ['{ b: 1 }'],
  },
  {
    name: 'properties by pattern',
    schema: { type: 'object', patternProperties: { '^x-': { type: 'string' }, '^n-': { type: 'number' } } },
    type: '{ [key: string]: string | number }',
    accepts: ["{ 'x-a': 'a', 'n-a': 1 }"],
    refuses: ['{ a: true }'],
  },
  {
    name: 'properties by name',
    schema: {
      type: 'object',
      propertyNames: { enum: ['a', 'b'] },
      additionalProperties: { type: 'number' },
    },
    type: '{ a?: number; b?: number }',
    accepts: ['{ a: 1 }', '{}'],
    refuses: ['{ c: 1 }', "{ a: 'a' }"],
  },
  {
    name: 'a required property that is not described',
    schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['b'] },
    type: '{ a?: string; b: unknown }',
    accepts: ['{ b: 1 }'],
    refuses: ["{ a: 'a' }"],
  },
  {
    name: 'names that are no identifiers',
    schema: object({ 'a-b': true, '1': true, '': true, ü: true, "it's": true }),
    type: "{ '1'?: unknown; 'a-b'?: unknown; ''?: unknown; 'ü'?: unknown; 'it\\'s'?: unknown }",
    accepts: ["{ 'a-b': 1, 1: 1, '': 1, ü: 1, 'it\\'s': 1 }"],
    refuses: ["{ 'b-a': 1 }"],
  },
  {
    name: 'names that are words of the language',
    schema: object(
      {
        new: { type: 'string' },
        readonly: { type: 'string' },
        get: { type: 'string' },
        async: { type: 'string' },
        in: { type: 'string' },
      },
      'get',
      'async',
    ),
    type: '{ new?: string; readonly?: string; get: string; async: string; in?: string }',
    accepts: ["{ get: 'a', async: 'a' }", "{ get: 'a', async: 'a', new: 'a', readonly: 'a', in: 'a' }"],
    refuses: ["{ get: 'a', async: 1 }"],
  },
  {
    name: 'names that every object has',
    schema: JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"number"},"constructor":{"type":"string"},"toString":{"type":"string"}},"required":["constructor"]}',
    ),
    type: "{ '__proto__'?: number; 'constructor': string; toString?: string }",
    accepts: ["{ 'constructor': 'a', 'toString': 'a' }"],
    refuses: ["{ 'constructor': 1 }"],
  },
  value('a string', { type: 'string' }, 'string', ["'a'"], ['1', 'null']),
  value('a number', { type: 'number' }, 'number', ['1.5'], ["'1'"]),
  value('an integer', { type: 'integer' }, 'number', ['1'], ["'1'"]),
  value('a boolean', { type: 'boolean' }, 'boolean', ['true'], ['1']),
  value('null', { type: 'null' }, 'null', ['null'], ['undefined']),
  value('anything', true, 'unknown', ['1', 'null']),
  value('anything, said otherwise', {}, 'unknown', ['1', 'null']),
  value('nothing', false, 'never', [], ['1', 'null']),
  value('nothing, said otherwise', { not: {} }, 'never', [], ['1']),
  value('a type that there is not', { type: 'date' }, 'unknown', ['1']),
  value('a type list', { type: ['string', 'number'] }, 'string | number', ["'a'", '1'], ['true']),
  value('a nullable type list', { type: ['string', 'null'] }, 'string | null', ["'a'", 'null'], ['1']),
  value('nullable', { type: 'string', nullable: true }, 'string | null', ["'a'", 'null'], ['1']),
  value('a type list with an empty one', { type: [] }, 'unknown', ['1']),
  value('an enumeration', { enum: ['open', 'closed'] }, "'open' | 'closed'", ["'open'"], ["'ajar'"]),
  value(
    'an enumeration of all sorts',
    { type: 'string', enum: ['a', 1, -2.5, true, null] },
    "'a' | 1 | -2.5 | true | null",
    ["'a'", '1', '-2.5', 'true', 'null'],
    ["'b'", '2', 'false'],
  ),
  value(
    'an enumeration with an object',
    { enum: ['a', { x: 1 }, [1]] },
    "'a' | Record<string, unknown> | unknown[]",
    ["'a'", '{ x: 1 }', '[1]'],
    ["'b'"],
  ),
  value('an empty enumeration', { enum: [] }, 'never', [], ['1']),
  value(
    'an enumeration without end',
    { enum: [...Array.from({ length: 5000 }, (_, n) => `v${n}`), 1] },
    'string | number',
    ["'other'", '1'],
    ['true'],
  ),
  value('a constant', { const: 'a' }, "'a'", ["'a'"], ["'b'"]),
  value('a constant null', { const: null }, 'null', ['null'], ['1']),
  value('a constant out of range', JSON.parse('{"const":1e400}'), 'number', ['1']),
  value('a list', { type: 'array', items: { type: 'string' } }, 'string[]', ["['a']", '[]'], ['[1]', "'a'"]),
  value('a list of anything', { type: 'array' }, 'unknown[]', ['[1, null]'], ['1']),
  value('a list of alternatives', { items: { enum: ['a', 'b'] } }, "('a' | 'b')[]", ["['a']"], ["['c']"]),
  value(
    'a list of lists',
    { items: { items: { type: ['string', 'null'] } } },
    '(string | null)[][]',
    ["[['a', null]]"],
    ["['a']"],
  ),
  value('a list that is empty', { type: 'array', items: false }, 'never[]', ['[]'], ['[1]']),
  value(
    'a tuple',
    { prefixItems: [{ type: 'string' }, { type: 'number' }] },
    '[string, number]',
    ["['a', 1]"],
    ["['a']", "['a', 1, 2]", "[1, 'a']"],
  ),
  value(
    'a tuple of draft-07',
    { type: 'array', items: [{ type: 'string' }, { type: 'number' }], additionalItems: { type: 'boolean' } },
    '[string, number, ...boolean[]]',
    ["['a', 1]", "['a', 1, true]"],
    ["['a', 1, 2]"],
  ),
  value(
    'a tuple with optional positions',
    { prefixItems: [{ type: 'string' }, { enum: [1, 2] }], minItems: 1 },
    '[string, (1 | 2)?]',
    ["['a']", "['a', 1]"],
    ['[]', "['a', 3]"],
  ),
  value(
    'a tuple that goes on',
    { prefixItems: [{ type: 'string' }], items: { enum: [1, 2] } },
    '[string, ...(1 | 2)[]]',
    ["['a', 1, 2]"],
    ["['a', 3]"],
  ),
  value(
    'a tuple that does not go on',
    { prefixItems: [{ type: 'string' }], items: { type: 'number' }, maxItems: 1 },
    '[string]',
    ["['a']"],
    ["['a', 1]"],
  ),
  value('an empty tuple', { prefixItems: [], items: { type: 'string' } }, 'string[]', ["['a']"], ['[1]']),
  value(
    'a long tuple',
    { prefixItems: Array.from({ length: 50 }, () => ({ type: 'string' })) },
    'unknown[]',
    ['[1]'],
    ['1'],
  ),
  value(
    'bounds of a list',
    { type: 'array', items: { type: 'number' }, minItems: 1, maxItems: 2 },
    'number[]',
    ['[1, 2]', '[].map(() => 1)'],
  ),
  value(
    'alternatives',
    { anyOf: [{ type: 'string' }, { type: 'number' }] },
    'string | number',
    ["'a'", '1'],
    ['true'],
  ),
  value(
    'exclusive alternatives',
    { oneOf: [{ type: 'string' }, { type: 'null' }] },
    'string | null',
    ["'a'", 'null'],
    ['1'],
  ),
  value('alternatives, one of which is anything', { anyOf: [{ type: 'string' }, {}] }, 'unknown', ['1']),
  value(
    'alternatives, one of which is nothing',
    { anyOf: [{ type: 'string' }, false] },
    'string',
    ["'a'"],
    ['1'],
  ),
  value('equal alternatives', { anyOf: [{ type: 'string' }, { type: 'string' }] }, 'string', ["'a'"], ['1']),
  value(
    'too many alternatives',
    { anyOf: Array.from({ length: 100 }, () => ({ type: 'string' })) },
    'unknown',
    ['1'],
  ),
  value(
    'objects told apart by a member',
    {
      oneOf: [
        object({ kind: { const: 'a' }, x: { type: 'string' } }, 'kind', 'x'),
        object({ kind: { const: 'b' } }, 'kind'),
      ],
    },
    "{ kind: 'a'; x: string } | { kind: 'b' }",
    ["{ kind: 'a', x: 'x' }", "{ kind: 'b' }"],
    ["{ kind: 'a' }", "{ kind: 'b', x: 'x' }", "{ kind: 'c' }"],
  ),
  {
    name: 'one of several properties',
    schema: {
      ...object({ id: { type: 'string' }, name: { type: 'string' } }),
      anyOf: [{ required: ['id'] }, { required: ['name'] }],
    },
    type: '{ id?: string; name?: string } & ({ id: unknown } | { name: unknown })',
    accepts: ["{ id: 'a' }", "{ name: 'a' }", "{ id: 'a', name: 'b' }"],
    refuses: ['{}', '{ id: 1 }', "{ id: 'a', x: 1 }"],
  },
  {
    name: 'an object with alternatives of no more than its sort',
    schema: {
      type: 'object',
      anyOf: [object({ a: { type: 'string' } }, 'a'), object({ b: { type: 'string' } }, 'b')],
    },
    type: '{ a: string } | { b: string }',
    accepts: ["{ a: 'a' }", "{ b: 'b' }"],
    refuses: ['{}', '{ a: 1 }'],
  },
  value(
    'all of several',
    { allOf: [object({ a: { type: 'string' } }, 'a'), object({ b: { type: 'number' } })] },
    '{ a: string } & { b?: number }',
    ["{ a: 'a', b: 1 }"],
    ['{ b: 1 }', "{ a: 'a', c: 1 }"],
  ),
  value('all of one', { allOf: [{ type: 'string' }] }, 'string', ["'a'"], ['1']),
  value(
    'all of a type and a bound',
    { type: 'string', allOf: [{ minLength: 1 }, { pattern: 'a' }] },
    'string',
    ["'a'"],
    ['1'],
  ),
  value(
    'what a type cannot say',
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    { type: 'string', not: { const: 'x' }, if: { const: 'a' }, then: false, else: { minLength: 3 } },
    'string',
    ["'a'", "'x'"],
    ['1'],
  ),
  value(
    'dependent schemas',
    {
      type: 'object',
      properties: { a: { type: 'string' } },
      dependentRequired: { a: ['b'] },
      dependentSchemas: { a: false },
    },
    '{ a?: string }',
    ["{ a: 'a' }"],
  ),
  {
    name: 'a reference to a part',
    schema: { ...wrapped({ $ref: '#/$defs/color' }), $defs: { color: { enum: ['red', 'green'] } } },
    type: "{ v: 'red' | 'green' }",
    accepts: ["{ v: 'red' }"],
    refuses: ["{ v: 'blue' }"],
  },
  {
    name: 'a reference of draft-07 to an object, used twice',
    schema: {
      ...object({
        a: { $ref: '#/definitions/point' },
        b: { type: 'array', items: { $ref: '#/definitions/point' } },
      }),
      definitions: { point: object({ x: { type: 'number' } }, 'x') },
    },
    type: '{ a?: Point; b?: Point[] }',
    accepts: ['{ a: { x: 1 }, b: [{ x: 1 }] }'],
    refuses: ["{ a: { x: '1' } }", '{ b: [{}] }', '{ a: { x: 1, y: 1 } }'],
  },
  {
    name: 'a reference beside other keywords',
    schema: {
      ...wrapped({ $ref: '#/$defs/a', properties: { b: { type: 'number' } }, required: ['b'] }),
      $defs: { a: object({ a: { type: 'string' } }, 'a') },
    },
    type: '{ v: A & { b: number } }',
    accepts: ["{ v: { a: 'a', b: 1 } }"],
    refuses: ["{ v: { a: 'a' } }", '{ v: { b: 1 } }'],
  },
  {
    name: 'a reference by anchor and by address',
    schema: {
      $id: 'https://schemas.example/root',
      ...object({ a: { $ref: '#n' }, b: { $ref: 'text' }, c: { $ref: 'https://schemas.example/text' } }),
      $defs: { n: { $anchor: 'n', type: 'number' }, t: { $id: 'text', type: 'string' } },
    },
    type: '{ a?: number; b?: string; c?: string }',
    accepts: ["{ a: 1, b: 'b', c: 'c' }"],
    refuses: ["{ a: 'a' }", '{ b: 1 }', '{ c: 1 }'],
  },
  value('a reference to another document', { $ref: 'https://schemas.example/secret' }, 'unknown', ['1']),
  value('a reference to a file', { $ref: 'file:///etc/passwd' }, 'unknown', ['1']),
  value('a reference to nothing', { $ref: '#/$defs/none' }, 'unknown', ['1']),
  {
    name: 'a schema that contains itself',
    schema: object({ name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } }, 'name'),
    type: '{ name: string; children?: Whole[] }',
    accepts: ["{ name: 'a', children: [{ name: 'b', children: [] }] }"],
    refuses: ["{ name: 'a', children: [{}] }", "{ name: 'a', children: [{ name: 'b', children: [1] }] }"],
  },
  {
    name: 'JSON',
    schema: {
      ...wrapped({ $ref: '#/$defs/json' }),
      $defs: {
        json: {
          anyOf: [
            { type: ['string', 'number', 'boolean', 'null'] },
            { type: 'array', items: { $ref: '#/$defs/json' } },
            { type: 'object', additionalProperties: { $ref: '#/$defs/json' } },
          ],
        },
      },
    },
    type: '{ v: Json }',
    accepts: ["{ v: [1, 'a', null, { a: [true] }] }"],
    refuses: ['{ v: undefined }', '{ v: () => 1 }'],
  },
  {
    name: 'two schemas that contain each other',
    schema: {
      ...wrapped({ $ref: '#/$defs/a' }),
      $defs: {
        a: object({ b: { $ref: '#/$defs/b' } }),
        b: { anyOf: [{ $ref: '#/$defs/a' }, { type: 'null' }] },
      },
    },
    type: '{ v: A }',
    accepts: ['{ v: { b: { b: null } } }'],
    refuses: ['{ v: { b: 1 } }', '{ v: null }'],
  },
  {
    name: 'parts of one name',
    schema: {
      ...object({ a: { $ref: '#/$defs/x' }, b: { $ref: '#/definitions/x' } }),
      $defs: { x: object({ p: { type: 'string' } }, 'p') },
      definitions: { x: object({ q: { type: 'string' } }, 'q') },
    },
    type: '{ a?: X; b?: X2 }',
    accepts: ["{ a: { p: 'p' }, b: { q: 'q' } }"],
    refuses: ["{ a: { q: 'q' } }", "{ b: { p: 'p' } }"],
  },
  {
    name: 'a schema of Pydantic',
    schema: {
      title: 'SearchArgs',
      type: 'object',
      properties: {
        q: { title: 'Q', type: 'string' },
        sort: { anyOf: [{ $ref: '#/$defs/Sort' }, { type: 'null' }], default: null },
      },
      required: ['q'],
      $defs: { Sort: { enum: ['asc', 'desc'], title: 'Sort', type: 'string' } },
    },
    type: "{ q: string; sort?: 'asc' | 'desc' | null }",
    accepts: ["{ q: 'a' }", "{ q: 'a', sort: 'asc' }", "{ q: 'a', sort: null }"],
    refuses: ["{ q: 'a', sort: 'up' }"],
  },
];

/** Schemas that are made to break a generator or a compiler. Each must give types that compile. */
export const HOSTILE_SCHEMAS: readonly { readonly name: string; readonly schema: JsonObject }[] = [
  { name: 'a type that is itself', schema: { $ref: '#' } },
  { name: 'a type that is all of itself', schema: { type: 'object', allOf: [{ $ref: '#' }] } },
  {
    name: 'a circle of references',
    schema: {
      ...wrapped({ $ref: '#/$defs/a' }),
      $defs: {
        a: { $ref: '#/$defs/b' },
        b: { anyOf: [{ $ref: '#/$defs/c' }, { type: 'string' }] },
        c: { allOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }] },
      },
    },
  },
  {
    name: 'a circle closed by the way back',
    schema: {
      ...wrapped({ $ref: '#/$defs/a' }),
      $defs: {
        a: { anyOf: [object({ x: { $ref: '#/$defs/b' } }), { $ref: '#/$defs/b' }] },
        b: { anyOf: [{ $ref: '#/$defs/a' }, { type: 'string' }] },
      },
    },
  },
  {
    name: 'circles through tuples',
    schema: {
      ...object({
        a: { $ref: '#/$defs/optional' },
        b: { $ref: '#/$defs/rest' },
        c: { $ref: '#/$defs/nested' },
        d: { $ref: '#/$defs/list' },
        e: { $ref: '#/$defs/required' },
      }),
      $defs: {
        optional: { prefixItems: [{ anyOf: [{ $ref: '#/$defs/optional' }, { type: 'null' }] }], minItems: 0 },
        rest: { prefixItems: [{ type: 'string' }], items: { $ref: '#/$defs/rest' } },
        nested: {
          items: { prefixItems: [{ prefixItems: [{ $ref: '#/$defs/nested' }] }], minItems: 0 },
        },
        list: { items: { prefixItems: [{ items: { $ref: '#/$defs/list' } }], minItems: 0 } },
        required: { prefixItems: [{ items: { items: { $ref: '#/$defs/required' } } }] },
      },
    },
  },
  {
    name: 'doublings',
    schema: {
      ...wrapped({ $ref: '#/$defs/d0' }),
      $defs: Object.fromEntries(
        Array.from({ length: 300 }, (_, n) => [
          `d${n}`,
          {
            anyOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }, object({ [`p${n}`]: {} })],
            allOf: [{ $ref: `#/$defs/d${n + 1}` }],
          },
        ]),
      ),
    },
  },
  {
    name: 'unions multiplied',
    schema: wrapped({
      allOf: Array.from({ length: 40 }, (_, n) => ({
        anyOf: Array.from({ length: 40 }, (_, m) => object({ [`p${n}`]: { const: m } }, `p${n}`)),
      })),
    }),
  },
  {
    name: 'every definition refers to every other',
    schema: {
      ...wrapped({ $ref: '#/$defs/d0' }),
      $defs: Object.fromEntries(
        Array.from({ length: 60 }, (_, n) => [
          `d${n}`,
          { anyOf: Array.from({ length: 50 }, (_, m) => ({ $ref: `#/$defs/d${m}` })) },
        ]),
      ),
    },
  },
  {
    name: '10,000 properties',
    schema: object(
      Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`p${n}`, { type: 'string' }])),
    ),
  },
  { name: 'deep nesting', schema: wrapped(nested(10_000, (inner) => object({ a: inner }))) },
  { name: 'deep lists', schema: wrapped(nested(10_000, (inner) => ({ type: 'array', items: inner }))) },
  {
    name: 'deep alternatives',
    schema: wrapped(nested(10_000, (inner) => ({ anyOf: [inner, { type: 'null' }] }))),
  },
  {
    name: 'wide and deep',
    schema: wrapped(
      nested(6, (inner) =>
        object(Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`p${n}`, inner]))),
      ),
    ),
  },
  {
    name: 'keywords of the wrong sort',
    schema: {
      type: 'object',
      properties: [1, 2],
      required: 'a',
      allOf: {},
      anyOf: [],
      oneOf: 'x',
      enum: 5,
      $ref: 7,
      items: 'x',
      prefixItems: {},
      additionalProperties: 'no',
      patternProperties: [],
      propertyNames: [],
      $defs: null,
      not: 3,
      nullable: 'yes',
      description: { a: 1 },
      default: { deep: [[[[]]]] },
    },
  },
  {
    name: 'properties of the wrong sort',
    schema: {
      type: 'object',
      properties: {
        a: 1,
        b: null,
        c: 'x',
        d: [],
        e: { type: {} },
        f: { type: [1, {}] },
        g: { required: true },
      },
    },
  },
  {
    name: 'keys of half a character',
    schema: object({ '\ud800': {}, '\udfff': {}, '\u2028': {}, '\u202e': {}, '\0': {} }),
  },
  { name: 'a key of a megabyte', schema: object({ ['x'.repeat(1_000_000)]: {} }, 'x'.repeat(1_000_000)) },
  { name: 'a literal of a megabyte', schema: wrapped({ const: 'x'.repeat(1_000_000) }) },
  {
    name: 'a pattern that never ends',
    schema: wrapped({ type: 'string', pattern: '(a+)+$'.repeat(10_000) }),
  },
  {
    name: 'definitions called like types',
    schema: typesOf(
      'Record',
      'ToolFunction',
      'OptionalToolFunction',
      'Tools',
      'Promise',
      'Array',
      'any',
      'string',
    ),
  },
  {
    name: 'definitions called like nothing',
    schema: typesOf('', '💥', '../x', '__proto__', 'constructor', '}; declare const PWNED: 1; type X = {'),
  },
];

function nested(times: number, wrap: (inner: JsonObject) => JsonObject): JsonObject {
  let schema: JsonObject = { type: 'string' };
  for (let n = 0; n < times; n += 1) schema = wrap(schema);
  return schema;
}

function typesOf(...names: readonly string[]): JsonObject {
  const pointer = (name: string): string =>
    `#/$defs/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
  return {
    ...object(Object.fromEntries(names.map((name, n) => [`p${n}`, { $ref: pointer(name) }]))),
    $defs: Object.fromEntries(names.map((name) => [name, object({ of: { const: name } }, 'of')])),
  };
}
