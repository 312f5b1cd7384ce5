import { describe, expect, it } from 'vitest';
import { splitDeclarations } from '../../../src/check/declares/split-declarations.ts';

const names = (text: string): readonly string[] => splitDeclarations(text).map(({ name }) => name);

describe('splitDeclarations()', () => {
  it('gives one piece for each name', () => {
    expect(splitDeclarations('declare const a: number, b: {\n    x: [1, 2];\n}, c = "d, e: f";\n')).toEqual([
      { name: 'a', kind: 'value', text: 'declare const a: number;' },
      { name: 'b', kind: 'value', text: 'declare const b: {\n    x: [1, 2];\n};' },
      { name: 'c', kind: 'value', text: 'declare const c = "d, e: f";' },
    ]);
  });

  it('tells values from types', () => {
    const text = `declare let a: 1;
declare var b: 1;
declare function c(): void;
declare class D {
}
declare abstract class E {
}
declare enum F {
    A = 0
}
declare const enum G {
    A = 0
}
declare namespace H {
    const x = 1;
}
interface I {
    a: 1;
}
type J = 1;
`;
    expect(splitDeclarations(text).map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'a value',
      'b value',
      'c value',
      'D both',
      'E both',
      'F both',
      'G both',
      'H both',
      'I type',
      'J type',
    ]);
    expect(
      splitDeclarations(text)
        .map((one) => `${one.text}\n`)
        .join(''),
    ).toBe(text);
  });

  it('makes declarations of exports, and leaves out lists of them', () => {
    expect(
      splitDeclarations('export declare const a: 1;\nexport type B = 1;\nexport { a };\nexport {};\n').map(
        ({ text }) => text,
      ),
    ).toEqual(['declare const a: 1;', 'type B = 1;']);
  });

  it.each([
    [
      'type arguments',
      'declare const a: Map<string, Set<1>>, b: (x: A<1, 2>) => B<C, D>, c: 1;\n',
      ['a', 'b', 'c'],
    ],
    ['functions in type arguments', 'declare const a: A<() => void, 1>, b: 2;\n', ['a', 'b']],
    ['templates', 'declare const a: `x, ${A<`y}, ${B}`>}, z: 1`, b: 2;\n', ['a', 'b']],
    ['escaped quotes', `declare const a = "\\", b: \\\\", c: '\\'', d: 3;\n`, ['a', 'c', 'd']],
    ['comments', 'declare const a: 1, /* b: 2, */ c: 3; // d: {\ndeclare const e: 1;\n', ['a', 'c', 'e']],
    ['lines of one declaration', 'type A = {\n    a: 1;\n} | {\n    b: 2;\n};\ntype B = 1;\n', ['A', 'B']],
    ['carriage returns', 'declare const a: 1;\r\ndeclare const b: 2;\r\n', ['a', 'b']],
    ['overloads', 'declare function a(): 1;\ndeclare function a(x: 1): 2;\n', ['a', 'a']],
    ['generators', 'declare function* a(): 1;\n', ['a']],
    ['names of all scripts', 'declare const größe: 1, $a_1: 2, 日本: 3;\n', ['größe', '$a_1', '日本']],
    ['no end', 'declare const a: {', ['a']],
    [
      'no name',
      'declare const ;\ndeclare function (): 1;\ndeclare module "x" {\n}\ndeclare global {\n}\nexport default 1;\n',
      [],
    ],
    ['nothing', '', []],
  ])('reads %s', (_what, text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  it.each(['{', '}', '<', '`${', '"', '/*', 'declare const a, ', 'declare type A = <'])(
    'reads many of %j in no time',
    (piece) => {
      const started = performance.now();
      splitDeclarations(piece.repeat(50_000));
      expect(performance.now() - started).toBeLessThan(1000);
    },
  );

  it('gives so many names and no more', () => {
    expect(
      names(`declare const ${Array.from({ length: 6000 }, (_, index) => `a${index}: 1`).join(', ')};\n`),
    ).toHaveLength(5000);
  });
});
