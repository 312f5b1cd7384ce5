import { describe, expect, it } from 'vitest';
import { readSource } from '../../../../../src/engines/javascript/runner/source/read-source.js';

const types = (source: string) => readSource(source, 'typescript').statements.map(({ type }) => type);

describe('readSource()', () => {
  it('parses as strict code with await and return at the top', () => {
    expect(types('const a = await b;\nreturn a')).toEqual(['VariableDeclaration', 'ReturnStatement']);
    expect(() => readSource('with (a) {}', 'javascript')).toThrow(/strict|with/i);
  });

  it('takes a function without a name for an expression', () => {
    expect(types('async function () { return 1 }  // that is all')).toEqual(['ExpressionStatement']);
  });

  it('takes an object for an expression, where it can be nothing else', () => {
    expect(types('{ a: 1, b: 2 }')).toEqual(['ExpressionStatement']);
  });

  it('does not take a broken script for an expression', () => {
    expect(() => types('{ a: 1 } let = ;')).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
    expect(() => types('f(1) g(2)')).toThrow(expect.objectContaining({ name: 'SyntaxError', line: 1 }));
  });

  it('blanks a byte order mark and a line for the shell', () => {
    expect(readSource('\uFEFF#!/usr/bin/env smcp run\nlet a = 1', 'typescript').code).toMatch(
      /^ +\nlet a = 1$/,
    );
  });

  it('runs plain JavaScript on which the parser of types stumbles', () => {
    expect(types('const x = a ? (b) : c => d;')).toEqual(['VariableDeclaration']);
  });

  it('does not take types out of JavaScript', () => {
    expect(() => readSource('let a: number = 1', 'javascript')).toThrow(
      expect.objectContaining({ name: 'SyntaxError', line: 1, column: 6 }),
    );
  });

  it.each([
    ["import fs from 'node:fs'", 1, 1],
    ["let a = 1;\n  const b = await import('x')", 2, 19],
    ['return import.meta.url', 1, 8],
  ])('refuses %j', (source, line, column) => {
    expect(() => types(source)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('import'), line, column }),
    );
  });

  it.each(['export const a = 1', 'export * from "x"', 'let a = 1; export default a', 'let a; export { a }'])(
    'refuses %j',
    (source) => {
      expect(() => types(source)).toThrow(
        expect.objectContaining({ message: expect.stringContaining('export') }),
      );
    },
  );

  it('tells the first of several', () => {
    expect(() => types('export const a = 1\nimport "x"')).toThrow(expect.objectContaining({ line: 1 }));
  });

  it('accepts one export default as the whole, new.target, and the words in texts', () => {
    expect(types('export default async () => 1')).toEqual(['ExportDefaultDeclaration']);
    expect(types('function F() { return new.target }')).toEqual(['FunctionDeclaration']);
    expect(types('"import export"; // import x from y')).toEqual(['ExpressionStatement']);
  });

  it('lets imports and exports of types go', () => {
    expect(types("import type { A } from 'b';\nexport type B = A;\nexport interface C {}")).toEqual([]);
  });

  it('survives what only the second parser meets', () => {
    expect(() => readSource('('.repeat(200_000), 'javascript')).toThrow(/nested too deep|Unexpected/);
    expect(() => readSource('[['.repeat(100_000), 'javascript')).toThrow(/nested too deep|Unexpected/);
  });
});
