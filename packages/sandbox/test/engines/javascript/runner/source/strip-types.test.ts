import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ScriptError } from '../../../../../src/engines/javascript/runner/source/script-error.js';
import { stripTypes } from '../../../../../src/engines/javascript/runner/source/strip-types.js';

/** What a refusal says, and where. */
function refusal(source: string): {
  message: string;
  line?: number | undefined;
  column?: number | undefined;
} {
  try {
    stripTypes(source);
  } catch (error) {
    if (error instanceof ScriptError) {
      return { message: error.message, line: error.line, column: error.column };
    }
    throw error;
  }
  throw new Error('Not refused');
}

describe('stripTypes()', () => {
  it('leaves spaces where types were, so that columns stay', () => {
    expect(stripTypes('const a: number = 1; f(a as any);')).toBe('const a         = 1; f(a       );');
  });

  it('keeps the lines of declarations that go', () => {
    const source = 'type A = {\n  a: 1;\n};\ninterface B {\n  b: 2;\n}\nlet c = 3;';
    const lines = stripTypes(source).split('\n');
    expect(lines).toHaveLength(7);
    expect(lines[6]).toBe('let c = 3;');
    expect(lines.slice(0, 6).join('').trim().replaceAll(';', '')).toBe('');
  });

  it('does not put spaces into the text of templates', () => {
    expect(stripTypes('`a${b as string}c${d!}e`')).toBe('`a${b          }c${d }e`');
    expect(stripTypes('(x as any)`t`')).toBe('(x       )`t`');
  });

  it('takes type arguments, assertions and satisfies out', () => {
    expect(stripTypes('f<string>(x!.y satisfies Z)').replaceAll(/ +/g, ' ')).toBe('f (x .y )');
  });

  it('turns an enum into code', () => {
    const code = stripTypes('enum E { A, B = "x" }');
    expect(runInNewContext(`${code}; E`)).toMatchObject({ A: 0, B: 'x' });
  });

  it('makes members of parameter properties', () => {
    const code = stripTypes('class P { constructor(private readonly x: number) {} }');
    expect(runInNewContext(`${code}; new P(4)`)).toMatchObject({ x: 4 });
  });

  it('accepts await and return at the top', () => {
    expect(stripTypes('return await (x as Promise<1>)')).toMatch(/^return await \(x +\)$/);
  });

  it('keeps the bodies of overloaded and generic functions', () => {
    const code = stripTypes('function f(a: string): void;\nfunction f<T,>(a: T): T { return a }');
    expect(code.split('\n')[1]?.replaceAll(/ +/g, ' ')).toBe('function f (a ) { return a }');
  });

  it.each([
    'declare namespace A { namespace B {} }',
    'declare global { interface X {} }',
    'declare module "m" { }',
  ])('takes out what is only declared: %s', (source) => {
    expect(stripTypes(`${source}\nlet a = 1`).trim().replaceAll(';', '')).toBe('let a = 1');
  });

  it('does not take names for namespaces', () => {
    const source = 'let namespace = 1; type A = { namespace: string; module: B }; const x: module = 1;';
    expect(stripTypes(source)).toContain('let namespace = 1;');
  });

  it.each([
    ['namespace A { export const a = 1 }', 1, 1],
    ['let x = 1;\n  namespace A.B { }', 2, 3],
    ['interface X {}\nmodule M { let x }', 2, 1],
  ])('refuses a namespace, which would go without a word: %j', (source, line, column) => {
    expect(refusal(source)).toEqual({ message: expect.stringContaining('namespace'), line, column });
  });

  it('tells the place of what cannot be parsed', () => {
    expect(refusal('let x = 1;\nlet y: = 2')).toEqual({ message: 'Unexpected token', line: 2, column: 8 });
  });

  it.each([
    ['parentheses', '('.repeat(200_000)],
    ['brackets', '['.repeat(200_000)],
    ['arrows', 'a=>'.repeat(60_000)],
    ['conditionals', 'a?(b):'.repeat(30_000)],
    ['type parameters', 'a<'.repeat(100_000)],
    ['templates', '`${'.repeat(60_000)],
    ['conditional types', `type A=${'B extends C?'.repeat(20_000)}`],
    ['unary operators', '-+'.repeat(100_000)],
  ])('survives a bomb of %s', (_name, source) => {
    expect(refusal(source).message).toMatch(/nested too deep|Unexpected/);
  });
});
