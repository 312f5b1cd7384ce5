import { createContext, runInContext, Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { compileScript } from '../../../../../src/engines/javascript/runner/source/compile-script.js';

type Language = 'typescript' | 'javascript';

/** Runs a script in a context of its own; the runner does it in an isolate. */
async function run(source: string, globals: Record<string, unknown> = {}, language: Language = 'typescript') {
  const { main } = compileScript(source, { language, sessionReserved: undefined });
  const context = createContext(globals);
  const script = new Script(main.text, { filename: 'script.ts', columnOffset: -main.prefixLength });
  return (await script.runInContext(context)()) as unknown;
}

/** Runs scripts of one session after another, and gives the value of the last. */
async function session(...sources: string[]) {
  const context = createContext({});
  let value: unknown;
  for (const source of sources) {
    const script = compileScript(source, {
      language: 'typescript',
      sessionReserved: new Set(['URL', 'Array']),
    });
    for (const name of script.names) {
      runInContext(
        `if (!Object.hasOwn(globalThis, ${JSON.stringify(name)})) globalThis.${name} = undefined`,
        context,
      );
    }
    script.resets.forEach((name) => runInContext(`globalThis.${name} = undefined`, context));
    if (script.functions !== undefined) {
      runInContext(script.functions.text, context)();
    }
    value = await runInContext(script.main.text, context)();
  }
  return structuredClone(value);
}

async function placeOfError(source: string) {
  const error = await run(source).catch((thrown: unknown) => thrown);
  const found = /script\.ts:(\d+):(\d+)/.exec((error as Error).stack ?? '');
  return found === null ? undefined : [Number(found[1]), Number(found[2])];
}

describe('compileScript() and the value of a script', () => {
  it.each([
    ['return 1; 2', 1],
    ['1; 2', 2],
    ['1 + 1;', 2],
    ['1 + 1 // two', 2],
    ['(1, 5);;', 5],
    ['if (true) { return 3 }\n4', 3],
    ['const a = 1\n[a].length', undefined],
    ['const a = 1;\n[a].length', 1],
    ['let x: number = 6\nx', 6],
    ['await Promise.resolve(7)', 7],
    ['() => 8', 8],
    ['async () => { return 9 };', 9],
    ['(async function main() { return 10 })', 10],
    ['function () { return 11 }', 11],
    ['export default async function main() { return 12 }', 12],
    ['export default () => 13', 13],
    ['export default 14', 14],
    ['"use strict"; 15', 15],
    ['// nothing\n16 /* but this */', 16],
    ['`a\nb`.length', 3],
    ['let n = 0\nfor (const i of [1, 2]) n += i', undefined],
    ['let v = 1', undefined],
    ['', undefined],
    ['// only a comment', undefined],
    ['function declared() { return 1 }', undefined],
  ])('%j', async (source, value) => {
    expect(await run(source).catch(() => undefined)).toBe(value);
  });

  it('gives an object', async () => {
    expect(await run('{ a: 1, b: [2] }')).toMatchObject({ a: 1, b: [2] });
  });

  it('calls only what is all of the script', async () => {
    expect(await run('const a = 1; () => a')).toBeTypeOf('function');
  });

  it('tells whether the value may not have been meant', () => {
    const implicit = (source: string) =>
      compileScript(source, { language: 'typescript', sessionReserved: undefined }).implicit;
    expect([implicit('1'), implicit('return 1'), implicit('() => 1'), implicit('let a')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('runs as strict code', async () => {
    await expect(run('undeclared = 1')).rejects.toMatchObject({ name: 'ReferenceError' });
    expect(await run('return (function () { return this })()')).toBeUndefined();
  });
});

describe('compileScript() and places', () => {
  it.each([
    ['null.x', [1, 6]],
    ['return null.x', [1, 13]],
    ['const a: number = 1;\nconst b: string = null.x', [2, 24]],
    ['let a = 1\n  null.x', [2, 8]],
    ['() => null.x', [1, 12]],
    ['export default async () => {\n  null.x }', [2, 8]],
    ['type A = {\n  a: 1 };\nawait (null as any).x', [3, 21]],
    ['enum E { A }\nnull.x', [2, 6]],
  ])('%j', async (source, place) => {
    expect(await placeOfError(source)).toEqual(place);
  });
});

describe('compileScript() for sessions', () => {
  it.each([
    ['variables', ['const a = 1; let b = 2; var c = 3', '[a, b, c]'], [1, 2, 3]],
    ['several in one declaration', ['let a = 1, b, c = a + 1', '[a, b, c]'], [1, undefined, 2]],
    [
      'objects taken apart',
      ['const { a, b: { c = 5 } = {}, ...d } = { a: 1, e: 2 }', '[a, c, d]'],
      [1, 5, { e: 2 }],
    ],
    ['mixed declarators', ['let x = 1, { y } = { y: 2 }, [z] = [3]', '[x, y, z]'], [1, 2, 3]],
    ['arrays taken apart', ['const [a, , b = 3] = [1, 2]', '[a, b]'], [1, 3]],
    ['functions', ['function f(n: number) { return n < 2 ? 1 : n * f(n - 1) }', 'f(5)'], 120],
    ['async functions', ['async function f() { return await 4 }', 'await f()'], 4],
    ['generators', ['function* g() { yield 1; yield 2 }', '[...g()]'], [1, 2]],
    ['classes', ['class K { m() { return new K() instanceof K } }', 'new K().m()'], true],
    ['enums', ['enum E { A, B }', 'E.B'], 1],
    ['results awaited for', ['const a = await Promise.resolve(6)', 'a'], 6],
    [
      'names of functions',
      ['const f = () => 1; class K {}; function g() {}', '[f.name, K.name, g.name]'],
      ['f', 'K', 'g'],
    ],
  ])('keep %s', async (_what, sources, value) => {
    expect(await session(...sources)).toEqual(value);
  });

  it('may declare again what is there, in any way', async () => {
    expect(
      await session('const a = 1; function f() {}', 'let a = 2; const f = 3', 'class a {}; [typeof a, f]'),
    ).toEqual(['function', 3]);
  });

  it('let closures see what later runs assign', async () => {
    expect(await session('let a = 1; const get = () => a', 'a = 5', 'get()')).toBe(5);
    expect(await session('function f() { return 1 } const g = () => f()', 'f = () => 2', 'g()')).toBe(2);
  });

  it('let a run call its functions before it declares them', async () => {
    expect(await session('const a = f(2); function f(n: number) { return n * 2 }', 'a')).toBe(4);
  });

  it('keep what was there when a run fails before it assigns', async () => {
    await expect(session('let a = 1', 'null.x; let a = 2')).rejects.toThrow('null');
    expect(await session('let a = 1', 'try { null.x } catch {}\na')).toBe(1);
  });

  it('set a variable without a value back to undefined', async () => {
    expect(await session('let a = 1; var b = 2', 'let a; var b; [a, b]')).toEqual([undefined, undefined]);
    expect(await session('var a = 1; var a; a')).toBe(1);
  });

  it('do not glue statements without semicolons', async () => {
    expect(await session('let a = 1\nlet b\n(2).toFixed()', '[a, b]')).toEqual([1, undefined]);
    expect(
      await session('const f = () => 1\nconst [a] = [2]\nlet { b } = { b: 3 }\nclass K {}\n[a, b]'),
    ).toEqual([2, 3]);
  });

  it('keep names of the sandbox itself local to the run', async () => {
    const { names } = compileScript('const URL = 1; let { Array, a } = {}; let b = 2', {
      language: 'typescript',
      sessionReserved: new Set(['URL', 'Array']),
    });
    expect(names).toEqual(['b']);
    expect(await session('const URL = 1; URL')).toBe(1);
  });

  it('leave declarations inside of blocks alone', async () => {
    await expect(session('{ let a = 1 }', 'a')).rejects.toThrow('a is not defined');
    await expect(session('for (const i of [1]) {}', 'i')).rejects.toThrow('i is not defined');
  });

  it('keep the places of functions and of what stands under them', () => {
    const source = 'let a = 1\nfunction f() {\n  return a\n}\nclass K {}\nf()';
    const { main, functions } = compileScript(source, { language: 'typescript', sessionReserved: new Set() });
    expect(functions?.text.split('\n')[1]).toBe('function  () {');
    expect(main.text.split('\n').slice(4)).toEqual(['class K {};;return(', 'f()', ')', '})']);
  });
});
