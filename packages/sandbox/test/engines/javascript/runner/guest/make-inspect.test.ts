import { describe, expect, it } from 'vitest';
import { makeInspect } from '../../../../../src/engines/javascript/runner/guest/make-inspect.js';

const inspect = makeInspect();

class Point {
  x = 1;
}

describe('inspect()', () => {
  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [-0, '-0'],
    [12n, '12n'],
    ['a"b\n', '"a\\"b\\n"'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 1, '[Function]'],
    [function named() {}, '[Function: named]'],
    [{}, '{}'],
    [[], '[]'],
    [{ a: 1, 'b c': [1, 'x'] }, '{ a: 1, "b c": [1, "x"] }'],
    [new Map<unknown, unknown>([['a', { b: 1 }]]), 'Map(1) { "a" => { b: 1 } }'],
    [new Set([1, 2]), 'Set(2) { 1, 2 }'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(NaN), 'Invalid Date'],
    [/a+/giu, '/a+/giu'],
    [new Uint8Array(3), 'Uint8Array(3) [0, 0, 0]'],
    [new ArrayBuffer(8), 'ArrayBuffer(8)'],
    [new Point(), 'Point { x: 1 }'],
    [Object.assign(Object.create(null) as object, { a: 1 }), '[null prototype] { a: 1 }'],
    [Promise.resolve(1), 'Promise {}'],
    // oxlint-disable-next-line no-sparse-arrays -- the hole is what is tested
    [[1, , 3], '[1, empty, 3]'],
    [{ [Symbol('k')]: 1 }, '{ [Symbol(k)]: 1 }'],
  ])('%o is %s', (value, text) => {
    expect(inspect(value)).toBe(text);
  });

  it('breaks what is long into lines', () => {
    const text = inspect({ first: 'x'.repeat(40), second: 'y'.repeat(40) });
    expect(text).toBe(`{\n  first: "${'x'.repeat(40)}",\n  second: "${'y'.repeat(40)}"\n}`);
  });

  it('marks cycles, and not what is only there twice', () => {
    const shared = { s: 1 };
    const cycle: Record<string, unknown> = { a: shared, b: shared };
    cycle['self'] = cycle;
    expect(inspect(cycle)).toBe('{ a: { s: 1 }, b: { s: 1 }, self: [Circular] }');
  });

  it('runs no getter', () => {
    let runs = 0;
    const value = {
      get a() {
        runs += 1;
        return 1;
      },
      set b(_value: number) {},
    };
    expect(inspect(value)).toBe('{ a: [Getter], b: [Setter] }');
    expect(runs).toBe(0);
  });

  it('shows errors with their members', () => {
    const error = Object.assign(new TypeError('bad'), { code: 'E_BAD' });
    error.stack = 'TypeError: bad\n    at script.ts:1:1';
    expect(inspect(error)).toBe('TypeError: bad\n    at script.ts:1:1 { code: "E_BAD" }');
  });

  it('ends at a depth', () => {
    expect(inspect({ a: { b: { c: {} } } }, 1)).toBe('{ a: { b: [Object] } }');
    expect(inspect([[[1]]], 0)).toBe('[[Array]]');
  });

  it('bounds how much it shows of lists, objects and texts', () => {
    expect(inspect(Array.from({ length: 1000 }, () => 1))).toContain('... 900 more');
    expect(inspect(Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`k${at}`, at])))).toContain(
      '... 900 more',
    );
    expect(inspect(new Set(Array.from({ length: 1000 }, (_, at) => at)))).toContain('... 900 more');
    expect(inspect({ a: 'x'.repeat(1_000_000) }).length).toBeLessThan(11_000);
    expect(inspect(10n ** 100_000n)).toBe('[BigInt]');
  });

  it('bounds the whole of it', () => {
    const wide = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => 'x'.repeat(1000)));
    expect(inspect(wide).length).toBeLessThan(400_000);
  });

  it.each([
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no');
          },
        },
      ),
    ],
    [
      'a revoked proxy',
      (() => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      })(),
    ],
    [
      'an error with a trap',
      Object.defineProperty(new Error('a'), 'stack', {
        get: () => {
          throw new Error('no');
        },
      }),
    ],
  ])('survives %s', (_name, value) => {
    expect(inspect(value)).toBe('[unreadable]');
  });
});
