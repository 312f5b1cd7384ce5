import { describe, expect, it } from 'vitest';
import { makeConsole } from '../../../../../src/engines/javascript/runner/guest/make-console.js';
import { makeInspect } from '../../../../../src/engines/javascript/runner/guest/make-inspect.js';

function create() {
  const printed: [string, string][] = [];
  let time = 0;
  const { console, reset } = makeConsole(
    makeInspect(),
    (stream, text) => printed.push([stream, text]),
    () => (time += 5),
  );
  return { console, reset, printed };
}

function printed(use: (console: Console) => void): string {
  const created = create();
  use(created.console);
  return created.printed.map(([, text]) => text).join('');
}

describe('console', () => {
  it('prints log, info and debug to one stream, warn and error to the other', () => {
    const { console, printed } = create();
    console.log('a');
    console.info('b');
    console.debug('c');
    console.warn('d');
    console.error('e');
    expect(printed.map(([stream]) => stream)).toEqual(['stdout', 'stdout', 'stdout', 'stderr', 'stderr']);
  });

  it.each<[unknown[], string]>([
    [['a', 'b c', 1], 'a b c 1\n'],
    [[{ a: 'x' }, null], '{ a: "x" } null\n'],
    [[], '\n'],
    [['%s is %d %% %i %j', 'x', '4.5', 4.5, { a: 1 }, 'rest'], 'x is 4.5 % 4 { a: 1 } rest\n'],
    [['100%', 'sure'], '100% sure\n'],
    [['%s %s', 'one'], 'one %s\n'],
    [['%s'], '%s\n'],
    [['%cred', 'color: red'], 'red\n'],
    [[1, '%s', 2], '1 %s 2\n'],
  ])('log(%j) prints %j', (values, text) => {
    expect(printed((console) => console.log(...values))).toBe(text);
  });

  it('prints a table of rows', () => {
    const text = printed((console) => console.table([{ a: 1, b: 'x' }, { a: 22 }, 5]));
    expect(text).toBe(
      [
        '| (index) | a  | b   | Values |',
        '| ------- | -- | --- | ------ |',
        '| 0       | 1  | "x" |        |',
        '| 1       | 22 |     |        |',
        '| 2       |    |     | 5      |',
        '',
      ].join('\n'),
    );
  });

  it('asserts aloud only what does not hold', () => {
    expect(printed((console) => console.assert(true, 'no'))).toBe('');
    expect(printed((console) => console.assert(false, 'no %s', 'way'))).toBe('Assertion failed: no way\n');
  });

  it('counts by label', () => {
    const text = printed((console) => {
      console.count();
      console.count();
      console.count('x');
      console.countReset();
      console.count();
    });
    expect(text).toBe('default: 1\ndefault: 2\nx: 1\ndefault: 1\n');
  });

  it('measures time by label, and says nothing of one that was not started', () => {
    const text = printed((console) => {
      console.time('t');
      console.timeLog('t', 'more');
      console.timeEnd('t');
      console.timeEnd('t');
    });
    expect(text).toBe('t: 5.0ms more\nt: 10.0ms\n');
  });

  it('indents groups, all lines of them', () => {
    const text = printed((console) => {
      console.group('g');
      console.log('a\nb');
      console.groupEnd();
      console.groupEnd();
      console.log('c');
    });
    expect(text).toBe('g\n  a\n  b\nc\n');
  });

  it('forgets labels and groups when it is reset', () => {
    const { console, reset, printed } = create();
    console.group();
    console.count();
    reset();
    console.count();
    expect(printed.at(-1)).toEqual(['stdout', 'default: 1\n']);
  });

  it('dir() shows as deep as asked', () => {
    expect(printed((console) => console.dir({ a: { b: { c: 1 } } }, { depth: 0 }))).toBe('{ a: [Object] }\n');
    expect(printed((console) => console.dir('text'))).toBe('"text"\n');
  });

  it('survives what cannot be shown', () => {
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    expect(printed((console) => console.log(proxy))).toBe('[unreadable]\n');
  });
});
