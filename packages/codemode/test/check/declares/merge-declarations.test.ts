import { describe, expect, it } from 'vitest';
import { mergeDeclarations, withTypes } from '../../../src/check/declares/merge-declarations.ts';
import { splitDeclarations } from '../../../src/check/declares/split-declarations.ts';

const MUCH = 64 * 1024;
const merge = (earlier: string, fresh: string, maxBytes = MUCH): string =>
  mergeDeclarations(earlier, splitDeclarations(fresh), maxBytes);

describe('mergeDeclarations()', () => {
  it('adds what is new behind what was there', () => {
    expect(merge('', 'declare const a: 1;\n')).toBe('declare const a: 1;\n');
    expect(merge('declare const a: 1;\n', 'type B = 2;\n')).toBe('declare const a: 1;\ntype B = 2;\n');
  });

  it('replaces all declarations of a name that is declared anew', () => {
    const earlier = 'declare const a: 1, b: 2;\ndeclare class C {\n}\ninterface C {\n    x: 1;\n}\n';
    expect(merge(earlier, 'type C = 3;\ndeclare let a: 4;\n')).toBe(
      'declare const b: 2;\ntype C = 3;\ndeclare let a: 4;\n',
    );
  });

  it('keeps several declarations of one name that come together', () => {
    const both = 'declare function f(): 1;\ndeclare function f(x: 1): 2;\n';
    expect(merge(merge('', both), 'declare const a: 1;\n')).toBe(`${both}declare const a: 1;\n`);
  });

  it('forgets the types of the largest as far as it has to', () => {
    const large = `declare const large: {\n${'    x: 1;\n'.repeat(50)}};\n`;
    const middle = `interface Middle {\n${'    x: 1;\n'.repeat(20)}}\n`;
    expect(merge(large, `${middle}declare const a: 1;\n`, 300)).toBe(
      `declare let large: any;\n${middle}declare const a: 1;\n`,
    );
    expect(merge(large, `${middle}declare const a: 1;\n`, 100)).toBe(
      'declare let large: any;\ntype Middle = any;\ndeclare const a: 1;\n',
    );
  });

  it('declares value and type of a class whose members it forgets', () => {
    const large = `declare class Large {\n${'    x: 1;\n'.repeat(50)}}\n`;
    const forgotten = 'declare let Large: any;\ntype Large = any;\n';
    expect(merge('', large, 100)).toBe(forgotten);
    expect(merge(forgotten, 'declare const a: 1;\n', 100)).toBe(`${forgotten}declare const a: 1;\n`);
    expect(merge(forgotten, 'declare const Large: 1;\n', 100)).toBe('declare const Large: 1;\n');
  });

  it('forgets the oldest names when there is no room for names', () => {
    expect(merge('declare let a: any;\ndeclare let b: any;\n', 'declare let c: any;\n', 45)).toBe(
      'declare let b: any;\ndeclare let c: any;\n',
    );
    expect(merge('', 'declare let c: any;\n', 5)).toBe('');
  });

  it('counts bytes, not characters', () => {
    expect(merge('', `declare const a: "${'€'.repeat(100)}";\n`, 200)).toBe('declare let a: any;\n');
  });
});

describe('withTypes()', () => {
  const known = splitDeclarations('declare const a: any;\ndeclare class B {\n}\ntype C = any;\n');

  it('declares as any type what has none', () => {
    expect(withTypes(known, []).map(({ text }) => text)).toEqual([
      'declare let a: any;',
      'declare let B: any;\ntype B = any;',
      'type C = any;',
    ]);
  });

  it('takes the types that there are', () => {
    const typed = splitDeclarations('declare const a: number;\ntype C = string;\n');
    expect(withTypes(known, typed).map(({ text }) => text)).toEqual([
      'declare const a: number;',
      'type C = string;',
      'declare let B: any;\ntype B = any;',
    ]);
  });
});
