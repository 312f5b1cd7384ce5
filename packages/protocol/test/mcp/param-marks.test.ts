import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  paramHeaderFault,
  paramHeaders,
  paramMarks,
  type JsonObject,
  type JsonValue,
  type ParamMark,
} from '@smcp/protocol';

const mark = (name: JsonValue, type: JsonValue = 'string'): JsonObject => ({ type, 'x-mcp-header': name });
const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties });

function marksOf(schema: JsonObject): readonly ParamMark[] {
  const found = paramMarks(schema);
  if (!found.ok) throw new Error(found.fault);
  return found.marks;
}

function faultOf(schema: JsonObject): string {
  const found = paramMarks(schema);
  if (found.ok) throw new Error('Expected a fault');
  return found.fault;
}

describe('paramMarks()', () => {
  it('finds marks in properties of properties', () => {
    const schema = object({
      region: mark('Region'),
      plain: { type: 'number' },
      where: object({ zone: mark('Zone', 'integer'), deep: object({ dry: mark('Dry-Run', 'boolean') }) }),
    });
    expect(marksOf(schema).toSorted((a, b) => a.header.localeCompare(b.header))).toEqual([
      { header: 'Mcp-Param-Dry-Run', path: ['where', 'deep', 'dry'] },
      { header: 'Mcp-Param-Region', path: ['region'] },
      { header: 'Mcp-Param-Zone', path: ['where', 'zone'] },
    ]);
  });

  it.each<[string, JsonObject]>([
    ['an empty schema', {}],
    ['a property with the name of the mark', object({ 'x-mcp-header': { type: 'string' } })],
    ['the word in a default', object({ a: { type: 'object', default: { 'x-mcp-header': 'A' } } })],
    ['the word in a constant', object({ a: { const: { 'x-mcp-header': 'A' } } })],
    ['the word in an example', { examples: [{ 'x-mcp-header': 'A' }] }],
    ['keywords of the wrong shape', { properties: [1], items: 'x', $defs: null, oneOf: 5 }],
    ['schemas that are true or false', object({ a: true, b: false })],
  ])('finds none in %s', (_what, schema) => {
    expect(marksOf(schema)).toEqual([]);
  });

  it.each([
    'items',
    'prefixItems',
    'contains',
    'additionalProperties',
    'unevaluatedProperties',
    'unevaluatedItems',
    'propertyNames',
    'contentSchema',
    'oneOf',
    'anyOf',
    'allOf',
    'not',
    'if',
    'then',
    'else',
  ])('refuses a mark below %s', (keyword) => {
    const inner = object({ a: mark('A') });
    expect(faultOf({ [keyword]: inner })).toContain('no chain of properties');
    expect(faultOf({ [keyword]: [{}, inner] })).toContain('no chain of properties');
    expect(faultOf(object({ b: { [keyword]: mark('A') } }))).toContain('no chain of properties');
  });

  it.each(['patternProperties', 'dependentSchemas', '$defs', 'definitions'])(
    'refuses a mark below %s',
    (keyword) => {
      expect(faultOf({ [keyword]: { a: mark('A') } })).toContain('no chain of properties');
    },
  );

  it('refuses a mark on the whole of the arguments', () => {
    expect(faultOf(mark('A'))).toContain('no chain of properties');
  });

  it.each([
    '',
    'a b',
    'a:b',
    'é',
    'a\r\nX-Forged: 1',
    'a,b',
    'a"b',
    'x'.repeat(129),
    1,
    true,
    null,
    ['A'],
    { name: 'A' },
  ])('refuses %j, which is no token [A79]', (name) => {
    expect(faultOf(object({ a: mark(name) }))).toContain('token');
  });

  it('accepts a token of 128 characters of every kind', () => {
    const name = "!#$%&'*+-.^_`|~09AZaz".padEnd(128, 'x');
    expect(marksOf(object({ a: mark(name) }))).toEqual([{ header: `Mcp-Param-${name}`, path: ['a'] }]);
  });

  it.each(['number', 'object', 'array', 'null', ['string', 'null'], undefined])(
    'refuses a mark on a property of type %j',
    (type) => {
      const schema = type === undefined ? { 'x-mcp-header': 'A' } : mark('A', type);
      expect(faultOf(object({ a: schema }))).toContain('no string, integer or boolean');
    },
  );

  it('refuses two names that differ by case alone', () => {
    expect(faultOf(object({ a: mark('Region'), b: object({ c: mark('rEGION') }) }))).toContain('twice');
  });

  it('accepts 64 marks and refuses one more', () => {
    const many = (count: number): JsonObject =>
      object(Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, mark(`N${n}`)])));
    expect(marksOf(many(64))).toHaveLength(64);
    expect(faultOf(many(65))).toContain('more than 64');
  });

  it('accepts a mark 32 deep and refuses one deeper, however deep', () => {
    const nested = (depth: number): JsonObject => {
      let schema = mark('A');
      for (let n = 0; n < depth; n += 1) schema = object({ p: schema });
      return schema;
    };
    expect(marksOf(nested(32))[0]?.path).toHaveLength(32);
    expect(faultOf(nested(33))).toContain('deeper');
    expect(faultOf(nested(100_000))).toContain('deeper');
  });

  it('looks through a schema without marks, however deep, without a fault', () => {
    let schema: JsonObject = {};
    for (let n = 0; n < 100_000; n += 1) schema = { items: object({ p: schema }) };
    expect(marksOf(schema)).toEqual([]);
  });

  it('never throws, whatever the schema', () => {
    const word = fc.constantFrom('x-mcp-header', 'properties', 'type', 'items', '$defs', '__proto__', 'a');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.dictionary(
        word,
        fc.oneof({ depthSize: 'small' }, fc.constantFrom('string', 'A', 1, null), tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(tree, (schema) => {
        const found = paramMarks(schema as JsonObject);
        expect(found.ok || found.fault.startsWith('x-mcp-header')).toBe(true);
      }),
    );
  });
});

const MARKS: readonly ParamMark[] = [
  { header: 'Mcp-Param-Region', path: ['region'] },
  { header: 'Mcp-Param-Zone', path: ['where', 'zone'] },
];

describe('paramHeaders()', () => {
  it.each<[JsonValue | undefined, Record<string, string>]>([
    [
      { region: 'eu', where: { zone: 7 } },
      { 'Mcp-Param-Region': 'eu', 'Mcp-Param-Zone': '7' },
    ],
    [{ region: true }, { 'Mcp-Param-Region': 'true' }],
    [{ region: false }, { 'Mcp-Param-Region': 'false' }],
    [{ region: '' }, { 'Mcp-Param-Region': '' }],
    [{ region: -0 }, { 'Mcp-Param-Region': '0' }],
    [{ region: Number.MAX_SAFE_INTEGER }, { 'Mcp-Param-Region': '9007199254740991' }],
    [{ region: 'grüß' }, { 'Mcp-Param-Region': '=?base64?Z3LDvMOf?=' }],
    [{ region: 'a\r\nX: 1' }, { 'Mcp-Param-Region': '=?base64?YQ0KWDogMQ==?=' }],
  ])('writes %j as %j', (values, headers) => {
    expect(paramHeaders(MARKS, values)).toEqual(headers);
  });

  it.each<[string, JsonValue | undefined]>([
    ['no arguments', undefined],
    ['arguments that are no object', ['eu']],
    ['null', { region: null, where: null }],
    ['an object or a list', { region: {}, where: { zone: [1] } }],
    ['an integer beyond the safe range', { region: 2 ** 53 }],
    ['a way that ends early', { where: 'zone' }],
    ['a member that is inherited', Object.create({ region: 'eu' })],
  ])('writes none for %s', (_what, values) => {
    expect(paramHeaders(MARKS, values)).toEqual({});
  });
});

describe('paramHeaderFault()', () => {
  const values = { region: 'grüß', where: { zone: 42 } };
  const headers = { 'mcp-param-region': '=?base64?Z3LDvMOf?=', 'mcp-param-zone': '42' };

  it.each<[string, JsonValue | undefined, Record<string, string>]>([
    ['equal values', values, headers],
    ['a number written otherwise', values, { ...headers, 'mcp-param-zone': '42.0' }],
    ['a number in base64', values, { ...headers, 'mcp-param-zone': '=?base64?NDI=?=' }],
    ['no argument and no header', {}, {}],
    ['null and no header', { region: null }, {}],
    ['null and a header', { region: null }, { 'mcp-param-region': 'eu' }],
    ['headers of no mark', { region: 'eu' }, { 'mcp-param-region': 'eu', 'mcp-param-other': 'x' }],
    ['an empty text', { region: '' }, { 'mcp-param-region': '' }],
    ['an integer that has no header', { region: 2 ** 60 }, {}],
  ])('finds nothing wrong with %s', (_what, given, sent) => {
    expect(paramHeaderFault(MARKS, given, sent)).toBeUndefined();
  });

  it.each<[string, JsonValue, Record<string, string | readonly string[] | undefined>, string]>([
    ['a header is missing', values, { 'mcp-param-zone': '42' }, 'Mcp-Param-Region is missing'],
    ['a header is undefined', values, { ...headers, 'mcp-param-zone': undefined }, 'Zone is missing'],
    ['a text differs', values, { ...headers, 'mcp-param-region': 'eu' }, 'Mcp-Param-Region differs'],
    ['a text differs by case', { region: 'EU' }, { 'mcp-param-region': 'eu' }, 'differs'],
    ['a number differs', values, { ...headers, 'mcp-param-zone': '43' }, 'Mcp-Param-Zone differs'],
    ['a number is written as hex', values, { ...headers, 'mcp-param-zone': '0x2a' }, 'differs'],
    ['a number has an exponent', values, { ...headers, 'mcp-param-zone': '4.2e1' }, 'differs'],
    ['a number has spaces', values, { ...headers, 'mcp-param-zone': ' 42' }, 'differs'],
    ['a text looks like an equal number', { region: '42' }, { 'mcp-param-region': '42.0' }, 'differs'],
    ['a boolean differs by case', { region: true }, { 'mcp-param-region': 'True' }, 'differs'],
    ['base64 is broken', values, { ...headers, 'mcp-param-region': '=?base64?Z3?=' }, 'cannot be decoded'],
    ['raw bytes stand in it', values, { ...headers, 'mcp-param-region': 'grÃ¼Ã' }, 'cannot be decoded'],
    ['it came twice', values, { ...headers, 'mcp-param-zone': ['42', '42'] }, 'cannot be decoded'],
    [
      'the header is inherited only',
      { region: 'eu' },
      Object.create({ 'mcp-param-region': 'eu' }),
      'missing',
    ],
  ])('finds that %s [A75]', (_what, given, sent, fault) => {
    expect(paramHeaderFault(MARKS, given, sent)).toContain(fault);
  });

  it('quotes no value', () => {
    const fault = paramHeaderFault(MARKS, { region: 'canary-a' }, { 'mcp-param-region': 'canary-b' });
    expect(fault).not.toContain('canary');
  });

  it('agrees with what paramHeaders() writes, whatever the values, and with nothing else', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(value, value, (region, zone) => {
        const given = { region, where: { zone } };
        const written = paramHeaders(MARKS, given);
        const lower = Object.fromEntries(
          Object.entries(written).map(([name, text]) => [name.toLowerCase(), text]),
        );
        expect(paramHeaderFault(MARKS, given, lower)).toBeUndefined();
        for (const name of Object.keys(lower)) {
          const changed = { ...lower, [name]: `${lower[name]}?` };
          expect(paramHeaderFault(MARKS, given, changed)).toBeDefined();
        }
      }),
    );
  });
});
