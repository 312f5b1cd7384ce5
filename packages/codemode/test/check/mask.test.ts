import { describe, expect, it } from 'vitest';
import { mask, unmask } from '../../src/check/mask.ts';

describe('mask()', () => {
  it.each(['// @ts-ignore', '/* @ts-expect-error */', '// @ts-nocheck', '// @ts-check', '// @TS-Ignore'])(
    'makes %s mean nothing',
    (code) => {
      expect(mask(code)).not.toMatch(/@ts-/iu);
      expect(mask(code)).toHaveLength(code.length);
      expect(unmask(mask(code))).toBe(code);
    },
  );

  it.each(['ts-ignore', '@ts-morph', 'a@ts', '@ts ignore', '// #! not first'])(
    'leaves %s as it is',
    (code) => {
      expect(mask(code)).toBe(code);
    },
  );

  it('makes a comment of the line that names an interpreter, and of no other', () => {
    expect(mask('#!/bin/x\n#!y')).toBe('///bin/x\n#!y');
  });
});

describe('unmask()', () => {
  it('knows the hyphen as an escape', () => {
    expect(unmask('"@ts\\u2011ignore"')).toBe('"@ts-ignore"');
  });

  it('leaves such hyphens elsewhere', () => {
    expect(unmask('a\u2011b')).toBe('a\u2011b');
  });
});
