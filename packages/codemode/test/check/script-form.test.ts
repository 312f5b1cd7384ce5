import { describe, expect, it } from 'vitest';
import { toScriptForm, toScriptPlace } from '../../src/check/script-form.ts';

describe('toScriptForm()', () => {
  it('puts the script on lines of its own, between two that share the mark', () => {
    expect(toScriptForm('return 1;', 'm').text).toBe(
      'export default async function () { const m = 0;\nreturn 1;\nconst m_ = m;\n}\n',
    );
  });

  it.each([
    'function () {}',
    'async function () {}',
    '  async\tfunction*(a) {}',
    'function * () {}',
    '// a\n/* b */ // c\n\nfunction () {}',
    '#!/usr/bin/env smcp\nasync function () {}',
  ])('makes an expression of %j', (code) => {
    expect(toScriptForm(code, 'm').text).toMatch(/= 0; void\n/u);
  });

  it.each([
    'function a() {}',
    'async () => {}',
    'functional()',
    '/* function () {} */ a',
    '/* function () {}',
    'async',
    '// function () {}',
    '',
  ])('makes no expression of %j', (code) => {
    expect(toScriptForm(code, 'm').text).toMatch(/= 0;\n/u);
  });

  it.each([
    `function${' '.repeat(200_000)}x`,
    `${' '.repeat(200_000)}x`,
    '/**/'.repeat(60_000),
    `async${'\n'.repeat(200_000)}`,
  ])('reads a long beginning in no time', (code) => {
    const started = performance.now();
    toScriptForm(code, 'm');
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('toScriptPlace()', () => {
  const form = toScriptForm('a\r\nbc \n\n', 'm');

  it('takes off the line before the script', () => {
    expect(toScriptPlace(form, { line: 2, column: 1 })).toEqual({ line: 1, column: 1, isPastEnd: false });
    expect(toScriptPlace(form, { line: 5, column: 1 })).toEqual({ line: 4, column: 1, isPastEnd: false });
  });

  it('gives the beginning for what stands before it', () => {
    expect(toScriptPlace(form, { line: 1, column: 30 })).toEqual({ line: 1, column: 1, isPastEnd: false });
  });

  it('gives the end of the text for what stands behind it', () => {
    expect(toScriptPlace(form, { line: 6, column: 3 })).toEqual({ line: 2, column: 3, isPastEnd: true });
    expect(toScriptPlace(toScriptForm('', 'm'), { line: 3, column: 1 })).toEqual({
      line: 1,
      column: 1,
      isPastEnd: true,
    });
  });

  it('counts the line breaks of the language, of which there are more than two', () => {
    const odd = toScriptForm('a\u2028b\u2029c\rd', 'm');
    expect(toScriptPlace(odd, { line: 5, column: 1 })).toMatchObject({ line: 4, isPastEnd: false });
    expect(toScriptPlace(odd, { line: 6, column: 1 })).toMatchObject({ line: 4, column: 2, isPastEnd: true });
  });
});
