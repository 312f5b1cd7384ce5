import { describe, expect, it } from 'vitest';
import { ifReference, referencedCalls, textParts } from '../../src/preview/reference.ts';

describe('ifReference()', () => {
  it('reads a reference', () => {
    expect(ifReference({ $result: 2, path: ['items', 0, 'id'] })).toEqual({
      planned: 2,
      path: ['items', 0, 'id'],
    });
    expect(ifReference({ path: [], $result: 1 })).toEqual({ planned: 1, path: [] });
  });

  it.each([
    ['no number', { $result: '1', path: [] }],
    ['zero', { $result: 0, path: [] }],
    ['a fraction', { $result: 1.5, path: [] }],
    ['no path', { $result: 1 }],
    ['a path that is no list', { $result: 1, path: 'id' }],
    ['a path with an object', { $result: 1, path: [{}] }],
    ['one member more', { $result: 1, path: [], more: 1 }],
    ['a list', [1, []]],
    ['null', null],
  ])('takes %s for a plain value', (_, value) => {
    expect(ifReference(value)).toBeUndefined();
  });
});

describe('textParts()', () => {
  it('finds markers among other text', () => {
    expect(textParts('See <result 1.items[0].id> and <result 12>!')).toEqual([
      'See ',
      { planned: 1, path: ['items', 0, 'id'] },
      ' and ',
      { planned: 12, path: [] },
      '!',
    ]);
  });

  it('knows where a marker ends', () => {
    expect(textParts('<result 1.id>.txt')).toEqual([{ planned: 1, path: ['id'] }, '.txt']);
  });

  it('reads keys that are no names', () => {
    expect(textParts(String.raw`<result 1["a.b"]["]>\""].c>`)).toEqual([
      { planned: 1, path: ['a.b', ']>"', 'c'] },
    ]);
  });

  it.each([
    '',
    '<result>',
    '<result 0>',
    '<result 1',
    '<result 1.>',
    '<result 1.2>',
    '<result 1[x]>',
    '<result -1>',
    '<result 99999>',
    '< result 1>',
    String.raw`<result 1["\q"]>`,
  ])('takes %j for plain text', (text) => {
    expect(textParts(text)).toEqual(text === '' ? [] : [text]);
  });

  it.each(['<result 1["', '<result 1.a', '<result 1[0]', '<', '<result 1["\\"'])(
    'takes no time over many of %j (A77)',
    (piece) => {
      const text = piece.repeat(100_000);
      const began = performance.now();
      textParts(text);
      expect(performance.now() - began).toBeLessThan(2000);
    },
  );
});

describe('referencedCalls()', () => {
  it('finds references at any depth, in texts and in keys', () => {
    const value = {
      a: [{ $result: 3, path: [] }],
      b: 'x<result 5.id>',
      '<result 7>': null,
      c: { $result: 'no' },
    };
    expect(referencedCalls(value)).toEqual([3, 5, 7]);
  });
});
