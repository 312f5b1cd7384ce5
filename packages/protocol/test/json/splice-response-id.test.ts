import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson, spliceResponseId } from '@smcp/protocol';

/** Keys of these tests hold escapes, which the native parser may get wrong. */
function parse(text: string): { readonly id?: unknown } {
  return readJson(text, { maxLength: 100_000, maxDepth: 64, maxNodes: 10_000 }).value as {
    readonly id?: unknown;
  };
}

describe('spliceResponseId()', () => {
  it.each([
    ['in the head', '{"jsonrpc":"2.0","id":7,"result":{}}', '{"jsonrpc":"2.0","id":"c-1","result":{}}'],
    ['first of all', '{"id":7,"jsonrpc":"2.0","result":{}}', '{"id":"c-1","jsonrpc":"2.0","result":{}}'],
    ['at the end', '{"result":{},"jsonrpc":"2.0","id":7}', '{"result":{},"jsonrpc":"2.0","id":"c-1"}'],
    [
      'in spaced text',
      '{"jsonrpc": "2.0", "id": 70, "result": {}}',
      '{"jsonrpc": "2.0", "id": "c-1", "result": {}}',
    ],
    [
      'at the spaced end',
      '{"result": {}, "jsonrpc": "2.0", "id" : 0 }\n',
      '{"result": {}, "jsonrpc": "2.0", "id" : "c-1" }\n',
    ],
  ])('replaces an id %s and nothing else', (_, text, expected) => {
    expect(spliceResponseId(text, 'c-1')).toBe(expected);
  });

  it('replaces an id of 15 digits', () => {
    expect(spliceResponseId('{"id":123456789012345,"result":{}}', 1)).toBe('{"id":1,"result":{}}');
  });

  it('leaves other ids and number texts alone', () => {
    const text =
      '{"jsonrpc":"2.0","id":7,"result":{"id":7,"n":1.50,"list":[{"id":8}],"s":"\\",\\"id\\":7}"}}';
    expect(spliceResponseId(text, 1)).toBe(text.replace('"id":7', '"id":1'));
  });

  it('replaces at the end when a nested object has an id of its own', () => {
    const text = '{"result":{"content":[{"id":9}],"id":7},"jsonrpc":"2.0","id":7}';
    expect(spliceResponseId(text, 1)).toBe('{"result":{"content":[{"id":9}],"id":7},"jsonrpc":"2.0","id":1}');
  });

  const untouched: readonly (readonly [string, string])[] = [
    ['a string id', '{"jsonrpc":"2.0","id":"7","result":{}}'],
    ['a null id', '{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":""}}'],
    ['a negative id', '{"jsonrpc":"2.0","id":-7,"result":{}}'],
    ['a negative id at the end', '{"result":{},"id":-7}'],
    ['a fraction', '{"jsonrpc":"2.0","id":7.5,"result":{}}'],
    ['a fraction at the end', '{"result":{},"id":7.5}'],
    ['an exponent', '{"jsonrpc":"2.0","id":7e1,"result":{}}'],
    ['an exponent at the end', '{"result":{},"id":7e1}'],
    ['16 digits', '{"jsonrpc":"2.0","id":1234567890123456,"result":{}}'],
    ['16 digits at the end', '{"result":{},"id":1234567890123456}'],
    ['an id in the middle', '{"jsonrpc":"2.0","result":{},"id":7,"x":1}'],
    ['an id in the result only', '{"jsonrpc":"2.0","result":{"a":1,"id":7}}'],
    ['an id in a string at the end', '{"jsonrpc":"2.0","result":",\\"id\\":7}"}'],
    ['a key that ends in a quoted id', '{"jsonrpc":"2.0","x,\\"id":7}'],
    ['a longer key', '{"result":{},"valid":7}'],
    ['an escaped key', '{"result":{},"\\u0069d":7}'],
    ['no object', '[1,"id",7]'],
    ['empty text', ''],
    ['a second id at the end', '{"jsonrpc":"2.0","id":7,"result":{},"id":8}'],
    ['a second id in the middle', '{"result":{},"id":8,"x":{},"id":7}'],
    ['a second id in escapes', '{"jsonrpc":"2.0","id":7,"result":{},"\\u0069\\u0064":8}'],
    ['a second id in half escapes', '{"jsonrpc":"2.0","id":7,"result":{"id":1},"i\\u0064":8}'],
    ['a second id with space before its colon', '{"jsonrpc":"2.0","id":7,"result":{},"id" :8}'],
  ];

  it.each(untouched)('gives undefined for %s', (_, text) => {
    expect(spliceResponseId(text, 1)).toBeUndefined();
  });

  it('does not take the string value "id" for a second key', () => {
    expect(spliceResponseId('{"jsonrpc":"2.0","id":7,"result":{},"x":"id"}', 1)).toBe(
      '{"jsonrpc":"2.0","id":1,"result":{},"x":"id"}',
    );
  });

  it('writes an id of its own safely', () => {
    expect(spliceResponseId('{"id":7,"result":{}}', '"},{"')).toBe('{"id":"\\"},{\\"","result":{}}');
    expect(() => spliceResponseId('{"id":7,"result":{}}', 0.5)).toThrow(TypeError);
  });

  it('does nothing, or the same as parsing, replacing and writing', () => {
    const tricky = fc.constantFrom('"id":7', ',"id":7}', '\\', '"', '{"id":1}', 'id', 'x,"id', '}');
    const key = fc.oneof(tricky, fc.constantFrom('id', 'result', 'jsonrpc', 'error', 'i\u0064'));
    const value = fc.oneof(
      tricky,
      fc.nat(),
      fc.jsonValue({ maxDepth: 2 }),
      fc.dictionary(key, fc.oneof(tricky, fc.nat())),
    );
    const members = fc.uniqueArray(fc.tuple(key, value), { selector: ([key]) => key, maxLength: 6 });
    fc.assert(
      fc.property(members, fc.constantFrom(0, 1), (entries, indent) => {
        // Members are written one by one, because an object would move integer-like keys.
        const glue = indent === 0 ? '' : ' ';
        const text = `{${entries
          .map(([key, value]) => `${JSON.stringify(key)}${glue}:${glue}${JSON.stringify(value)}`)
          .join(`${glue},${glue}`)}}`;
        const spliced = spliceResponseId(text, 'new');
        if (spliced === undefined) return;
        const before = parse(text);
        expect(Number.isSafeInteger(before.id)).toBe(true);
        expect(parse(spliced)).toEqual({ ...before, id: 'new' });
      }),
      { numRuns: 3000 },
    );
  });
});
