import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { readMessage } from '../../src/upstream/read-message.ts';

const nested = (levels: number): string =>
  `{"jsonrpc":"2.0","id":4,"result":{"deep":${'['.repeat(levels)}${']'.repeat(levels)}}}`;

describe('readMessage()', () => {
  it('tells the kinds of message apart', () => {
    expect(readMessage('{"jsonrpc":"2.0","id":1,"result":{}}')?.kind).toBe('response');
    expect(readMessage('{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}')?.kind).toBe('response');
    expect(readMessage('{"jsonrpc":"2.0","id":"a","method":"ping"}')?.kind).toBe('request');
    expect(readMessage('{"jsonrpc":"2.0","method":"notifications/progress"}')?.kind).toBe('notification');
  });

  it.each(['', 'hello', '{ not: json }', '{"jsonrpc":"2.0"', '{"a":1}{"b":2}', '\uFEFF{}'])(
    'gives nothing for %j, which is no JSON',
    (text) => {
      expect(readMessage(text)).toBeUndefined();
    },
  );

  it.each([
    'null',
    '1',
    '"text"',
    '[]',
    '[{"jsonrpc":"2.0","id":1,"result":{}}]',
    '{}',
    '{"id":1,"result":{}}',
  ])('finds %s invalid', (text) => {
    expect(readMessage(text)?.kind).toBe('invalid');
  });

  it('accepts nesting of 512 and finds one level more invalid, with the id that it answers [A78]', () => {
    expect(readMessage(nested(510))?.kind).toBe('response');
    expect(readMessage(nested(511))).toEqual({
      kind: 'invalid',
      id: 4,
      reason: 'The message is nested too deeply',
    });
  });

  it('survives nesting that would overflow the stack of whoever writes it out again [A78]', () => {
    const levels = 500_000;
    expect(readMessage(nested(levels))?.kind).toBe('invalid');
    const request = `{"jsonrpc":"2.0","id":"x","method":"ping","params":{"a":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}}`;
    expect(readMessage(request)).toMatchObject({ kind: 'invalid', id: null });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => readMessage(text)).not.toThrow();
      }),
    );
  });
});
