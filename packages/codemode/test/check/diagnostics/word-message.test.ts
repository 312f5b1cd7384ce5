import { describe, expect, it } from 'vitest';
import { wordMessage } from '../../../src/check/diagnostics/word-message.ts';

describe('wordMessage()', () => {
  it.each([
    [1232, 'An import declaration can only be used at the top level.', `import x from 'y'`],
    [2307, `Cannot find module 'y'.`, `'y'`],
    [2591, `Cannot find name 'fs'.`, '"fs")'],
    [2307, `Cannot find module 'y'.`, '`y`'],
  ])('says that servers are globals for %d', (code, message, source) => {
    expect(wordMessage(code, message, source, 600)).toMatch(/^A script cannot import: servers are globals/u);
  });

  it('says how to give a result to those who export it', () => {
    expect(wordMessage(1184, 'Modifiers cannot appear here.', 'export const a = 1;', 600)).toBe(
      'A script cannot export: `return` gives its result',
    );
  });

  it.each([
    [1184, 'Modifiers cannot appear here.', 'declare const a = 1;'],
    [2591, `Cannot find name 'describe'.`, 'describe()'],
    [2322, 'Type A is not B.', 'import_'],
  ])('leaves other messages of %d', (code, message, source) => {
    expect(wordMessage(code, message, source, 600)).toBe(message);
  });

  it.each([
    [
      `Cannot find name 'test'. Do you need to install type definitions for a test runner? Try \`npm i\` and more.`,
      `Cannot find name 'test'.`,
    ],
    [
      `Property 'a' does not exist on type 'b'. Do you need to change your target library? Try changing the 'lib' compiler option to 'es2030' or later.`,
      `Property 'a' does not exist on type 'b'.`,
    ],
    [
      `Cannot find name 'x'. Try changing the 'lib' compiler option to include 'dom'.\n  More.`,
      `Cannot find name 'x'.\n  More.`,
    ],
  ])('leaves out advice that the author of a script cannot follow', (message, expected) => {
    expect(wordMessage(2550, message, '', 600)).toBe(expected);
  });

  it('says what to use in place of what other runtimes have', () => {
    expect(wordMessage(2304, `Cannot find name 'fetch'.`, 'fetch()', 600)).toMatch(
      /^Cannot find name 'fetch'\. A script has no network/u,
    );
    expect(wordMessage(2304, `Cannot find name 'fetched'.`, 'fetched()', 600)).toBe(
      `Cannot find name 'fetched'.`,
    );
  });

  it('takes out what cannot be seen, and keeps line breaks', () => {
    expect(wordMessage(1, 'a\u001b[31mb\u202ec\u0000d\ne\u0085', '', 600)).toBe('a [31mb c d\ne');
  });

  it('cuts what is too long, never within a character', () => {
    expect(wordMessage(1, 'abcdef', '', 6)).toBe('abcdef');
    expect(wordMessage(1, 'abcdefg', '', 6)).toBe('abcde…');
    expect(wordMessage(1, 'abcd😀fg', '', 6)).toBe('abcd…');
  });
});
