import type { JsonValue } from '@smcp/protocol';
import { describe, expect, it } from 'vitest';
import { CallResults } from '../../src/preview/call-results.ts';
import { matchesPlan } from '../../src/preview/match-args.ts';

function matcher(...results: JsonValue[]): (planned: JsonValue, actual: JsonValue) => boolean {
  const known = new CallResults();
  for (const [index, structuredContent] of results.entries()) {
    known.keep(index + 1, JSON.stringify({ content: [], structuredContent }), false);
  }
  return (planned, actual) => matchesPlan(planned, actual, (reference) => known.look(reference));
}

const at = (planned: number, ...path: (string | number)[]): JsonValue => ({ $result: planned, path });

describe('matchesPlan() with plain values', () => {
  const matches = matcher();

  it.each([
    ['the same', { a: [1, 'x', null, true] }, { a: [1, 'x', null, true] }],
    ['another order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['nothing', {}, {}],
    ['large numbers that are exact', { n: 9007199254740991 }, { n: 9007199254740991 }],
  ])('takes %s', (_, planned, actual) => {
    expect(matches(planned, actual)).toBe(true);
  });

  it.each([
    ['another value', { a: 1 }, { a: 2 }],
    ['a text for a number', { a: 1 }, { a: '1' }],
    ['a member more', { a: 1 }, { a: 1, b: 1 }],
    ['a member less', { a: 1, b: 1 }, { a: 1 }],
    ['a member of the prototype', { a: 1 }, JSON.parse('{"a":1,"toString":1}')],
    ['null for nothing', {}, { a: null }],
    ['nothing for null', { a: null }, {}],
    ['another order of a list', [1, 2], [2, 1]],
    ['an element more', [1], [1, 1]],
    ['an object for a list', { a: [] }, { a: {} }],
    ['a list for an object', { a: {} }, { a: [] }],
    ['negative zero', { a: 0 }, { a: -0 }],
    ['letters composed in another way', { a: '\u00e9' }, { a: 'e\u0301' }],
    ['a text with a blank more', { a: 'x' }, { a: 'x ' }],
    ['false for null', { a: null }, { a: false }],
  ])('refuses %s (A34)', (_, planned, actual) => {
    expect(matches(planned, actual)).toBe(false);
  });
});

describe('matchesPlan() with references', () => {
  const matches = matcher({ id: 7, name: 'x', list: [{ id: 'a' }], none: null, 'odd.key': 1, zero: 0 });

  it.each([
    ['the value', at(1, 'id'), 7],
    ['the value at an index', at(1, 'list', 0, 'id'), 'a'],
    ['an index written as text', at(1, 'list', '0', 'id'), 'a'],
    ['a whole part of the result', at(1, 'list'), [{ id: 'a' }]],
    ['null', at(1, 'none'), null],
    ['an odd key', at(1, 'odd.key'), 1],
    ['a value that is not there, in a list', [at(1, 'missing')], [null]],
  ])('takes %s', (_, planned, actual) => {
    expect(matches(planned, actual)).toBe(true);
  });

  it.each([
    ['another value', at(1, 'id'), 8],
    ['the value as text', at(1, 'id'), '7'],
    ['the reference itself', at(1, 'id'), at(1, 'id')],
    ['a value of a call that was not made', at(2, 'id'), 7],
    ['null for a call that was not made', at(2, 'id'), null],
    ['what JavaScript adds to every object', at(1, 'constructor', 'name'), 'Object'],
    ['the length of a list', at(1, 'list', 'length'), 1],
    ['an index in other words', at(1, 'list', '00', 'id'), 'a'],
    ['a letter of a text', at(1, 'name', 0), 'x'],
  ])('refuses %s', (_, planned, actual) => {
    expect(matches(planned, actual)).toBe(false);
  });

  it('takes a member that is left out for a value that is not there', () => {
    expect(matches({ a: at(1, 'missing'), b: 1 }, { b: 1 })).toBe(true);
    expect(matches({ a: at(1, 'id'), b: 1 }, { b: 1 })).toBe(false);
    expect(matches({ a: at(2, 'missing'), b: 1 }, { b: 1 })).toBe(false);
  });

  it('takes whole arguments that are a result', () => {
    expect(matcher({ a: 1 })(at(1), { a: 1 })).toBe(true);
    expect(matcher({ a: 1 })(at(1), { a: 1, b: 2 })).toBe(false);
  });
});

describe('matchesPlan() with texts', () => {
  const matches = matcher(
    { id: 7, list: [1, null, 'a'], none: null, deep: {}, text: '<result 1.id>' },
    'second',
  );

  it.each([
    ['Issue <result 1.id> is <result 2>', 'Issue 7 is second'],
    ['<result 1.list>', '1,,a'],
    ['<result 1.none>/<result 1.missing>', 'null/undefined'],
    ['<result 1.deep>', '[object Object]'],
    // What a result holds is not read as a marker again.
    ['<result 1.text>', '<result 1.id>'],
    ['plain <result', 'plain <result'],
  ])('%j is %j', (planned, actual) => {
    expect(matches(planned, actual)).toBe(true);
    expect(matches({ [planned]: 1 }, { [actual]: 1 })).toBe(true);
  });

  it.each([
    ['Issue <result 1.id>', 'Issue 8'],
    ['Issue <result 1.id>', 'Issue <result 1.id>'],
    ['Issue <result 1.id>', 'Issue 7 and more'],
    ['<result 3.id>', 'undefined'],
    ['<result 1.id>', 7],
  ])('%j is not %j', (planned, actual) => {
    expect(matches(planned, actual)).toBe(false);
  });

  it('refuses two planned keys in one', () => {
    expect(matches({ '<result 1.id>': 1, '7': 1 }, { '7': 1, x: 1 })).toBe(false);
  });
});

describe('CallResults', () => {
  it.each([
    ['structured content', { structuredContent: { a: 1 }, content: [{ type: 'text', text: 'x' }] }, 'a', 1],
    ['JSON in a text', { content: [{ type: 'text', text: '{"a":1}' }] }, 'a', 1],
    ['a text', { content: [{ type: 'text', text: 'hello' }] }, undefined, 'hello'],
    [
      'several blocks',
      {
        content: [
          { type: 'text', text: 'a' },
          { type: 'image', data: 'x' },
        ],
      },
      '0',
      'a',
    ],
    [
      'a number with more digits than one holds',
      { content: [{ type: 'text', text: '12345678901234567890' }] },
      undefined,
      '12345678901234567890',
    ],
  ])('look() reads %s as the script does', (_, result, step, value) => {
    const results = new CallResults();
    results.keep(1, JSON.stringify(result), false);
    expect(results.look({ planned: 1, path: step === undefined ? [] : [step] })).toEqual({
      known: true,
      value,
    });
  });

  it('look() reads untouched results as they are', () => {
    const results = new CallResults();
    results.keep(1, '{"content":[{"type":"text","text":"{}"}],"isError":true}', true);
    expect(results.look({ planned: 1, path: ['content', 0, 'text'] })).toEqual({ known: true, value: '{}' });
  });

  it.each(['{"content":[],"isError":true,"structuredContent":{"a":1}}', 'no JSON', ''])(
    'keeps nothing of %j',
    (result) => {
      const results = new CallResults();
      results.keep(1, result, false);
      expect(results.look({ planned: 1, path: [] })).toEqual({ known: false });
    },
  );
});
