import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyMessage } from '@smcp/protocol';

describe('classifyMessage() accepts', () => {
  it.each([
    [
      { jsonrpc: '2.0', id: 1, method: 'ping' },
      { kind: 'request', id: 1, method: 'ping', params: undefined },
    ],
    [
      { jsonrpc: '2.0', id: '', method: 'm', params: { a: 1 } },
      { kind: 'request', id: '', method: 'm', params: { a: 1 } },
    ],
    [
      { jsonrpc: '2.0', id: -(2 ** 53) + 1, method: 'm', extra: true },
      { kind: 'request', id: -(2 ** 53) + 1, method: 'm', params: undefined },
    ],
    [
      { jsonrpc: '2.0', id: 'x'.repeat(256), method: 'm'.repeat(128) },
      { kind: 'request', id: 'x'.repeat(256), method: 'm'.repeat(128), params: undefined },
    ],
    [
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { kind: 'notification', method: 'notifications/initialized', params: undefined },
    ],
    [
      { jsonrpc: '2.0', id: 3, result: {} },
      { kind: 'response', id: 3, result: {} },
    ],
    [
      { jsonrpc: '2.0', id: 3, error: { code: -32601, message: 'no', data: [1] } },
      { kind: 'response', id: 3, error: { code: -32601, message: 'no', data: [1] } },
    ],
    [
      { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'no' } },
      { kind: 'response', id: null, error: { code: -32700, message: 'no' } },
    ],
    [
      { jsonrpc: '2.0', error: { code: -32700, message: 'no' } },
      { kind: 'response', id: null, error: { code: -32700, message: 'no' } },
    ],
  ])('%j', (message, expected) => {
    expect(classifyMessage(message)).toEqual(expected);
  });
});

describe('classifyMessage() refuses', () => {
  const request = { jsonrpc: '2.0', id: 1, method: 'ping' };
  it.each([
    ['a batch', [request], /[Bb]atch/],
    ['an empty batch', [], /[Bb]atch/],
    ['null', null, /object/],
    ['a string', 'ping', /object/],
    ['undefined', undefined, /object/],
    ['no version', { id: 1, method: 'ping' }, /jsonrpc/],
    ['version 1.0', { ...request, jsonrpc: '1.0' }, /jsonrpc/],
    ['a numeric version', { ...request, jsonrpc: 2 }, /jsonrpc/],
    ['a null id', { ...request, id: null }, /null/],
    ['a fractional id', { ...request, id: 1.5 }, /Member id/],
    ['an unsafe id', { ...request, id: 2 ** 53 }, /Member id/],
    ['a boolean id', { ...request, id: true }, /Member id/],
    ['an object id', { ...request, id: {} }, /Member id/],
    ['an id that is too long', { ...request, id: 'x'.repeat(257) }, /Member id/],
    ['an empty method', { ...request, method: '' }, /method/],
    ['a method that is too long', { ...request, method: 'm'.repeat(129) }, /method/],
    ['a numeric method', { ...request, method: 5 }, /method/],
    ['a null method', { ...request, method: null }, /method/],
    ['params as an array', { ...request, params: [] }, /params/],
    ['params as null', { ...request, params: null }, /params/],
    ['params of a notification as a string', { jsonrpc: '2.0', method: 'm', params: 'x' }, /params/],
    ['a method beside a result', { ...request, result: {} }, /either/],
    ['a method beside an error', { ...request, error: { code: 1, message: '' } }, /either/],
    ['result and error', { jsonrpc: '2.0', id: 1, result: {}, error: { code: 1, message: '' } }, /either/],
    ['neither method nor result nor error', { jsonrpc: '2.0', id: 1 }, /needs/],
    ['a result that is not an object', { jsonrpc: '2.0', id: 1, result: 'x' }, /result/],
    ['a null result', { jsonrpc: '2.0', id: 1, result: null }, /result/],
    ['a result without id', { jsonrpc: '2.0', result: {} }, /id/],
    ['a result with null id', { jsonrpc: '2.0', id: null, result: {} }, /id/],
    ['an error without code', { jsonrpc: '2.0', id: 1, error: { message: '' } }, /error/],
    [
      'an error with a fractional code',
      { jsonrpc: '2.0', id: 1, error: { code: 1.5, message: '' } },
      /error/,
    ],
    ['an error without message', { jsonrpc: '2.0', id: 1, error: { code: 1 } }, /error/],
    ['an error that is a string', { jsonrpc: '2.0', id: 1, error: 'x' }, /error/],
    ['members that are inherited', Object.create(request), /jsonrpc/],
    ['a method that is inherited', { __proto__: { method: 'm' }, jsonrpc: '2.0', id: 1 }, /needs/],
  ])('%s', (_, value, reason) => {
    expect(classifyMessage(value)).toMatchObject({
      kind: 'invalid',
      reason: expect.stringMatching(reason),
    });
  });

  it('with the id to answer with, where there is a usable one', () => {
    expect(classifyMessage({ ...request, params: 1 })).toMatchObject({ kind: 'invalid', id: 1 });
    expect(classifyMessage({ ...request, jsonrpc: '1' })).toMatchObject({ kind: 'invalid', id: 1 });
    expect(classifyMessage({ ...request, id: 1.5 })).toMatchObject({ kind: 'invalid', id: null });
  });

  it('without quoting anything of the message', () => {
    const secret = 'hunter2';
    for (const value of [
      secret,
      { jsonrpc: secret },
      { ...request, method: [secret] },
      { ...request, id: [secret] },
    ]) {
      expect(JSON.stringify(classifyMessage(value))).not.toContain(secret);
    }
  });
});

it('classifyMessage() never throws, and calls a request only what has a version, a method and an id', () => {
  const member = fc.constantFrom('jsonrpc', 'id', 'method', 'params', 'result', 'error', 'x');
  const value = fc.oneof(fc.constantFrom('2.0', null, 1, 'm', {}), fc.anything());
  fc.assert(
    fc.property(fc.oneof(fc.dictionary(member, value), fc.anything()), (message) => {
      const classified = classifyMessage(message);
      expect(['request', 'notification', 'response', 'invalid']).toContain(classified.kind);
      if (classified.kind !== 'request') return;
      expect(message).toMatchObject({ jsonrpc: '2.0', id: classified.id, method: classified.method });
    }),
  );
});
