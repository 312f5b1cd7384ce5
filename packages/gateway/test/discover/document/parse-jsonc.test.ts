import { describe, expect, it } from 'vitest';
import { toValue } from '../../../src/config/config-node.ts';
import { parseJsonc } from '../../../src/discover/document/parse-jsonc.ts';

function valueOf(text: string): unknown {
  const parsed = parseJsonc(text);
  return parsed.ok && parsed.root !== undefined ? toValue(parsed.root) : parsed;
}

describe('parseJsonc()', () => {
  it.each([
    ['plain', '{"a":[1,"x",true,null,-2.5e3]}', { a: [1, 'x', true, null, -2500] }],
    ['comments', '// a\n{/* b */"a":1}// c', { a: 1 }],
    ['trailing commas', '{"a":[1,2,],}', { a: [1, 2] }],
    ['a byte order mark', '\ufeff{"a":1}', { a: 1 }],
    ['CRLF', '{\r\n"a":\r\n1}\r\n', { a: 1 }],
    ['escapes', String.raw`{"\u0061":"\n\"\\"}`, { a: '\n"\\' }],
  ])('reads %s', (_, text, value) => {
    expect(valueOf(text)).toEqual(value);
  });

  it.each(['', ' \n', '// nothing\n'])('takes %j for an empty document', (text) => {
    expect(parseJsonc(text)).toEqual({ ok: true, root: undefined, warnings: [] });
  });

  it.each([
    ['{"a": 1', 1, 8],
    ['{"a": nope}', 1, 7],
    ['{\n  "a": 1,\n  b: 2\n}', 3, 3],
    ['{"a": 1}}', 1, 9],
    ['{"a": "open\n}', 1, 7],
    ["{'a': 1}", 1, 2],
    ['{"a": 1} x', 1, 10],
  ])('refuses %j with the place', (text, line, column) => {
    expect(parseJsonc(text)).toEqual({ ok: false, problem: { line, column, message: 'Not valid JSON' } });
  });

  it('knows the places of keys, in every manner of ending lines', () => {
    const parsed = parseJsonc('{\r\n  "a": {\n    "b": 1\n  }\n}');
    const root = parsed.ok ? parsed.root : undefined;
    const a = root?.kind === 'map' ? root.entries.get('a') : undefined;
    const b = a?.kind === 'map' ? a.entries.get('b') : undefined;
    expect(a).toMatchObject({ path: ['a'], keyAt: { line: 2, column: 3 }, at: { line: 2, column: 8 } });
    expect(b).toMatchObject({ path: ['a', 'b'], keyAt: { line: 3, column: 5 }, at: { line: 3, column: 10 } });
  });

  it('takes the last of a key given twice, and warns', () => {
    const parsed = parseJsonc('{"a": 1,\n "b": 2,\n "a": 3}');
    expect(valueOf('{"a": 1, "a": 3}')).toEqual({ a: 3 });
    expect(parsed).toMatchObject({
      ok: true,
      warnings: [{ line: 3, column: 2, message: 'The key "a" is given twice; the last one counts' }],
    });
  });

  it('reads 64 levels and refuses one more', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJsonc(nested(64))).toMatchObject({ ok: true });
    expect(parseJsonc(nested(65))).toEqual({
      ok: false,
      problem: { line: 1, column: 65, message: 'Nested more than 64 levels deep' },
    });
  });

  it.each(['[', '{"a":', '[[],'])('survives half a million of %j', (opening) => {
    expect(parseJsonc(opening.repeat(500_000))).toMatchObject({ ok: false });
  });

  it('does not count brackets in texts and comments', () => {
    expect(valueOf(`{"a": "${'['.repeat(100)}" /* ${'{'.repeat(100)} */}`)).toEqual({ a: '['.repeat(100) });
  });

  it('keeps __proto__ an ordinary key', () => {
    const parsed = parseJsonc('{"__proto__": {"polluted": true}}');
    const root = parsed.ok ? parsed.root : undefined;
    expect(root?.kind === 'map' && [...root.entries.keys()]).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each(['\0', '\ud800', '{"a":"\0"}', '\u0001{}', '{"a":\u00a01}', '🙂'])(
    'never throws for %j',
    (text) => {
      expect(() => parseJsonc(text)).not.toThrow();
    },
  );
});
