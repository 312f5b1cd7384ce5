import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson, spliceResult } from '@smcp/protocol';

/** Keys of these tests hold escapes, which the native parser may get wrong. */
function parse(text: string): unknown {
  return readJson(text, { maxLength: 1_000_000, maxDepth: 100, maxNodes: 100_000 }).value;
}

const TYPE = new Map([['resultType', '"complete"']]);
const BOTH = new Map([
  ['resultType', '"complete"'],
  ['_meta', '{"by":"us"}'],
]);

describe('spliceResult()', () => {
  it.each([
    [
      '{"jsonrpc":"2.0","id":7,"result":{"n":1.0,"big":12345678901234567890}}',
      '{"jsonrpc":"2.0","id":"mine","result":{"resultType":"complete","n":1.0,"big":12345678901234567890}}',
    ],
    [
      '{"result":{"content":[]},"jsonrpc":"2.0","id":7}',
      '{"result":{"resultType":"complete","content":[]},"jsonrpc":"2.0","id":"mine"}',
    ],
    ['{"id":7,"result":{}}', '{"id":"mine","result":{"resultType":"complete"}}'],
    [' {"id" : 7 ,\n"result" : { } } ', ' {"id" : "mine" ,\n"result" : { "resultType":"complete"} } '],
    [
      '{"jsonrpc":"2.0","result":{"a":"{\\"result\\":{"},"id":7}',
      '{"jsonrpc":"2.0","result":{"resultType":"complete","a":"{\\"result\\":{"},"id":"mine"}',
    ],
  ])('adds what is missing in front and changes nothing else: %s', (text, expected) => {
    expect(spliceResult(text, 'mine', TYPE)).toBe(expected);
  });

  it('replaces in place what is there, however its key is written', () => {
    expect(spliceResult('{"id":7,"result":{"a":1.50,"_meta":{"x":{"_meta":2}},"b":[]}}', 1, BOTH)).toBe(
      '{"id":1,"result":{"resultType":"complete","a":1.50,"_meta":{"by":"us"},"b":[]}}',
    );
    expect(spliceResult('{"id":7,"result":{"\\u005fmeta":null}}', 1, new Map([['_meta', '{}']]))).toBe(
      '{"id":1,"result":{"\\u005fmeta":{}}}',
    );
  });

  it('leaves alone what only looks like the member, deeper or in a text', () => {
    const text = '{"id":7,"result":{"a":{"resultType":"x"},"b":"\\"resultType\\":","c":["resultType"]}}';
    expect(spliceResult(text, 1, TYPE)).toBe(
      '{"id":1,"result":{"resultType":"complete","a":{"resultType":"x"},"b":"\\"resultType\\":","c":["resultType"]}}',
    );
  });

  it('finds a result that stands behind members it does not know', () => {
    expect(spliceResult('{"id":7,"x":{"result":{}},"result":{"a":1}}', 1, TYPE)).toBe(
      '{"id":1,"x":{"result":{}},"result":{"resultType":"complete","a":1}}',
    );
  });

  it('only changes the id when there is nothing to write', () => {
    expect(spliceResult('{"id":7,"result":{"a":1}}', 1, new Map())).toBe('{"id":1,"result":{"a":1}}');
  });

  it('looks for keys with other letters where they may be written in another way', () => {
    const keys = new Map([
      ['a/b', '1'],
      ['\u4e2d', '2'],
    ]);
    expect(spliceResult('{"id":7,"result":{"a\\/b":0,"\\u4e2d":0}}', 1, keys)).toBe(
      '{"id":1,"result":{"a\\/b":1,"\\u4e2d":2}}',
    );
  });

  it.each([
    ['an error', '{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"x"}}'],
    ['a result that is a list', '{"jsonrpc":"2.0","id":7,"result":[1]}'],
    ['two results', '{"jsonrpc":"2.0","id":7,"result":{"a":1},"result":{"b":2}}'],
    ['a second result in escapes', '{"jsonrpc":"2.0","id":7,"result":{"a":1},"r\\u0065sult":{}}'],
    ['a member that stands twice', '{"jsonrpc":"2.0","id":7,"result":{"resultType":1,"resultType":2}}'],
    [
      'a member that stands twice, once in escapes',
      '{"id":7,"result":{"resultType":1,"\\u0072esultType":2}}',
    ],
    ['two ids', '{"id":7,"result":{},"id":8}'],
    ['an id that is no integer', '{"id":7.0,"result":{}}'],
    ['an id in the middle', '{"result":{},"id":7,"x":1}'],
    ['no object', '[{"id":7,"result":{}}]'],
    ['empty text', ''],
    ['an end too early', '{"result":{"_meta":{"a":1'],
  ])('gives undefined for %s', (_, text) => {
    expect(spliceResult(text, 1, TYPE)).toBeUndefined();
  });

  it('refuses an id that is none', () => {
    expect(() => spliceResult('{"id":7,"result":{}}', 0.5, TYPE)).toThrow(TypeError);
  });

  it('does nothing, or the same as parsing, replacing and writing', () => {
    const tricky = fc.constantFrom(
      '"id":7',
      '"result":{',
      '\\',
      '"',
      '{',
      '}',
      ',"_meta":',
      'resultType',
      '\u0001',
    );
    const key = fc.oneof(tricky, fc.constantFrom('id', 'result', '_meta', 'resultType', 'ttlMs', 'a'));
    const value = fc.oneof(
      tricky,
      fc.nat(),
      fc.jsonValue({ maxDepth: 2 }),
      fc.dictionary(key, fc.oneof(tricky, fc.nat())),
    );
    const result = fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 5 });
    const others = fc.uniqueArray(fc.tuple(key, value), {
      selector: ([name]) => name,
      maxLength: 3,
    });
    const writings = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.replaceAll('t', '\\u0074'),
      (text) => text.replaceAll('_', '\\u005F'),
    );
    const object = (entries: readonly (readonly [string, string])[], glue: string, write = plain): string =>
      `{${entries.map(([name, text]) => `${write(JSON.stringify(name))}${glue}:${glue}${text}`).join(`${glue},${glue}`)}}`;
    let spliced = 0;
    fc.assert(
      fc.property(
        result,
        others,
        writings,
        fc.constantFrom('', ' ', '\n\t'),
        fc.constantFrom(0, 1, 2),
        (inner, outer, write, glue, order) => {
          const resultText = object(
            inner.map(([name, one]) => [name, JSON.stringify(one)] as const),
            glue,
            write,
          );
          const own = outer
            .filter(([name]) => name !== 'id' && name !== 'result')
            .map(([name, one]) => [name, JSON.stringify(one)] as const);
          const known = [
            ['id', '7'],
            ['result', resultText],
          ] as const;
          const text = object(
            order === 0
              ? [...known, ...own]
              : order === 1
                ? [...own, ...known.toReversed()]
                : known.toReversed(),
            glue,
          );
          const got = spliceResult(text, 'new', BOTH);
          if (got === undefined) return;
          spliced += 1;
          const before = parse(text) as { readonly result: object };
          expect(parse(got)).toEqual({
            ...before,
            id: 'new',
            result: { ...before.result, resultType: 'complete', _meta: { by: 'us' } },
          });
        },
      ),
      { numRuns: 3000 },
    );
    expect(spliced).toBeGreaterThan(1500);
  });
});

function plain(text: string): string {
  return text;
}
