import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson, spliceRequest, type JsonDocument } from '@smcp/protocol';

const LIMITS = { maxLength: 1_000_000, maxDepth: 64, maxNodes: 100_000 };

function read(text: string): JsonDocument {
  return readJson(text, LIMITS);
}

/** Keys of these tests hold escapes, which the native parser may get wrong. */
function parse(text: string): { readonly params?: unknown } {
  return read(text).value as { readonly params?: unknown };
}

describe('spliceRequest()', () => {
  const call = read(
    '{"params":{"_meta":{"t":1},"arguments":{"n":1.50,"big":12345678901234567890,"e":"\\u00e9"},"name":"s_echo"},"method":"tools/call","id":7,"jsonrpc":"2.0"}',
  );

  it('copies untouched params exactly as they were written', () => {
    expect(spliceRequest(call, { id: 41 })).toBe(
      '{"jsonrpc":"2.0","id":41,"method":"tools/call","params":{"_meta":{"t":1},"arguments":{"n":1.50,"big":12345678901234567890,"e":"\\u00e9"},"name":"s_echo"}}',
    );
  });

  it('replaces, drops and adds members and leaves the others as written', () => {
    const params = new Map([
      ['name', '"echo"'],
      ['_meta', ''],
      ['task', '{"ttl":5}'],
      ['absent', ''],
    ]);
    expect(spliceRequest(call, { id: 'r-1', params })).toBe(
      '{"jsonrpc":"2.0","id":"r-1","method":"tools/call","params":{"arguments":{"n":1.50,"big":12345678901234567890,"e":"\\u00e9"},"name":"echo","task":{"ttl":5}}}',
    );
  });

  it.each([
    ['omits params when there are none', '{"method":"ping","id":1}', [], undefined],
    ['omits params when the only addition is empty', '{"method":"ping"}', [['a', '']], undefined],
    ['adds params when there were none', '{"method":"ping"}', [['_meta', '{}']], { _meta: {} }],
    ['keeps empty params', '{"method":"ping","params":{}}', [], {}],
    ['keeps params whose last member was dropped', '{"method":"ping","params":{"a":1}}', [['a', '']], {}],
  ] as const)('%s', (_, text, replacements, params) => {
    const spliced = parse(spliceRequest(read(text), { id: 1, params: new Map(replacements) }));
    expect(spliced.params).toEqual(params);
    expect('params' in spliced).toBe(params !== undefined);
  });

  it('drops top-level members that are not of a request', () => {
    const spliced = spliceRequest(read('{"method":"ping","result":{},"id":1,"x":1}'), { id: 2 });
    expect(spliced).toBe('{"jsonrpc":"2.0","id":2,"method":"ping"}');
  });

  it('writes escaped keys back with the same meaning', () => {
    const spliced = spliceRequest(read('{"method":"m","params":{"a\\"\\n":1,"b":2}}'), {
      id: 1,
      params: new Map([['b', '3']]),
    });
    expect(parse(spliced).params).toEqual({ 'a"\n': 1, b: 3 });
  });

  it.each(['\n', '\r\n', '\r'])('writes one line when the request was broken by %j', (lineBreak) => {
    const text = `{"method":"m",${lineBreak}"params":{${lineBreak}"a":[1,${lineBreak}2],"b":"x\\ny"}}`;
    for (const params of [new Map<string, string>(), new Map([['c', '1']])]) {
      const spliced = spliceRequest(read(text), { id: 1, params });
      expect(spliced).not.toMatch(/[\r\n]/);
      expect(parse(spliced).params).toMatchObject({ a: [1, 2], b: 'x\ny' });
    }
  });

  it('escapes an id that tries to end the string', () => {
    const id = '","method":"x';
    expect(parse(spliceRequest(call, { id }))).toMatchObject({ id, method: 'tools/call' });
  });

  it.each([Number.NaN, Infinity, 1.5, 2 ** 53])('refuses the id %d', (id) => {
    expect(() => spliceRequest(call, { id })).toThrow(TypeError);
  });

  it.each([
    ['no method', '{"id":1}'],
    ['params that is an array', '{"method":"m","params":[1]}'],
    ['params that is null', '{"method":"m","params":null}'],
    ['no object at all', '[]'],
  ])('refuses a document with %s', (_, text) => {
    expect(() => spliceRequest(read(text), { id: 1 })).toThrow(TypeError);
  });

  it('means the same as replacing members of the parsed value', () => {
    const member = fc.constantFrom('name', 'arguments', '_meta', 'constructor', 'a"b');
    const values = fc.dictionary(member, fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(values, values, fc.array(member), (params, replaced, dropped) => {
        const text = JSON.stringify({ method: 'm', params }, null, 1);
        fc.pre(!text.includes('\\ud') && !text.includes('__proto__'));
        const replacements = new Map(
          Object.entries(replaced).map(([key, value]) => [key, JSON.stringify(value)]),
        );
        for (const key of dropped) replacements.set(key, '');
        const expected = new Map(Object.entries({ ...params, ...replaced }));
        for (const key of dropped) expected.delete(key);
        const spliced = parse(spliceRequest(read(text), { id: 3, params: replacements }));
        expect(spliced).toEqual(
          parse(JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'm', params: Object.fromEntries(expected) })),
        );
      }),
    );
  });
});
