import { expect, it } from 'vitest';
import { OperationInput } from '../../src/execute/operation-input.ts';

const input = (value: unknown, ...names: readonly string[]) =>
  new OperationInput(JSON.stringify(value), 10_000, names.length === 0 ? undefined : names);

const invalid = (message: string | RegExp) =>
  expect.objectContaining({
    code: 'ARGUMENT_INVALID',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });

it.each(['[]', '5', '"x"', 'null'])('OperationInput refuses %s, which is no object', (text) => {
  expect(() => new OperationInput(text, 100)).toThrow(invalid('Arguments must be an object'));
});

it.each([
  ['text that is no JSON', '{a: 1}'],
  ['a key that stands twice', '{"a": 1, "a": 2}'],
  ['the key __proto__', '{"a": {"__proto__": 1}}'],
  ['the key __proto__ with an escape', '{"\\u005f_proto__": 1}'],
  ['half of a surrogate pair', '{"a": "\\ud800"}'],
  ['something behind it', '{} {}'],
  ['too much depth', `{"a": ${'['.repeat(200)}${']'.repeat(200)}}`],
  ['too much length', `{"a": "${'x'.repeat(200)}"}`],
])('OperationInput refuses %s (A72)', (_, text) => {
  expect(() => new OperationInput(text, 200)).toThrow(invalid(/^Arguments cannot be passed on: /));
});

it('OperationInput refuses a member that the operation does not have', () => {
  expect(() => input({ server: 'a', other: 1 }, 'server')).toThrow(invalid("Unknown member 'other'"));
  expect(() => input({ server: 'a' }, 'server')).not.toThrow();
});

it('OperationInput.name() takes a text and nothing else', () => {
  expect(input({ server: 'a' }).name('server')).toBe('a');
  expect(() => input({}).name('server')).toThrow(invalid("Missing 'server' value"));
  expect(() => input({ server: '' }).name('server')).toThrow(invalid("Missing 'server' value"));
  for (const server of [5, null, ['a'], { $result: 1, path: [] }]) {
    expect(() => input({ server }).name('server')).toThrow(invalid("'server' must be a string"));
  }
  expect(() => input({ server: 'x'.repeat(257) }).name('server')).toThrow(
    invalid(/has 257 characters, at most 256/),
  );
});

it('OperationInput.name() looks at own members only', () => {
  expect(() => input({}).name('constructor')).toThrow(invalid(/constructor/));
});

it('OperationInput.ifName(), text() and flag() read what they are for', () => {
  expect(input({ tool: 'x' }).ifName('tool')).toBe('x');
  expect(input({}).ifName('tool')).toBeUndefined();
  expect(() => input({ tool: 1 }).ifName('tool')).toThrow(invalid("'tool' must be a string"));
  expect(input({ query: '' }).text('query')).toBe('');
  expect(() => input({}).text('query')).toThrow(invalid("Missing 'query' value"));
  expect(() => input({ query: 'x'.repeat(2001) }).text('query')).toThrow(invalid(/at most 2000/));
  expect([input({}).flag('raw'), input({ raw: true }).flag('raw')]).toEqual([false, true]);
  expect(() => input({ raw: 'yes' }).flag('raw')).toThrow(invalid("'raw' must be true or false"));
});

it.each([1.5, '3', null, true, 2 ** 60])('OperationInput.ifInteger() refuses %j', (limit) => {
  expect(() => input({ limit }).ifInteger('limit')).toThrow(invalid("'limit' must be an integer"));
});

it('OperationInput.ifOneOf() takes the words that there are', () => {
  expect(input({ detail: 'full' }).ifOneOf('detail', ['summary', 'full'])).toBe('full');
  expect(input({}).ifOneOf('detail', ['summary', 'full'])).toBeUndefined();
  expect(() => input({ detail: 'all' }).ifOneOf('detail', ['summary', 'full'])).toThrow(
    invalid("'detail' must be 'summary' or 'full'"),
  );
});

it('OperationInput.objectText() gives an object exactly as it was written', () => {
  const text = '{"server": "a", "args": { "n": 1.0, "big": 12345678901234567890, "e": "\\u0041" }}';
  expect(new OperationInput(text, 1000).objectText('args')).toBe(
    '{ "n": 1.0, "big": 12345678901234567890, "e": "\\u0041" }',
  );
  expect(input({}).objectText('args')).toBe('{}');
});

it.each([[[1]], ['text'], [5], [null]])('OperationInput.objectText() refuses %j', (args) => {
  expect(() => input({ args }).objectText('args')).toThrow(invalid('Arguments must be an object'));
});
