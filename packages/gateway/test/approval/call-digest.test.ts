import { isJsonObject, readJson, type JsonObject } from '@smcp/protocol';
import { describe, expect, it } from 'vitest';
import { digestOfCall, type DigestedCall } from '../../src/approval/index.ts';

const LIMITS = { maxLength: 1e6, maxDepth: 64, maxNodes: 1e5 };

/** Digest of a tool call with these params as written. */
function digest(params: string, more: Partial<DigestedCall> = {}): string {
  const document = readJson(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`, LIMITS);
  const value = isJsonObject(document.value) ? document.value['params'] : undefined;
  const call = { method: 'tools/call', kind: 'tool', server: 'bank', name: 'pay' } as const;
  return digestOfCall({ ...call, params: value as JsonObject, document, ...more });
}

const PAY = '{"name":"pay","arguments":{"to":"bob","amount":10,"note":{"tags":["a","b"],"x":null}}}';

describe('digestOfCall()', () => {
  it('has a fixed form', () => {
    expect(digest(PAY)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it.each([
    ['other order', '{"arguments":{"note":{"x":null,"tags":["a","b"]},"amount":10,"to":"bob"},"name":"pay"}'],
    ['white space', PAY.replaceAll(',', ' ,\n\t')],
    ['escapes', PAY.replace('"bob"', String.raw`"\u0062ob"`).replace('"to"', String.raw`"\u0074o"`)],
    ['another writing of the same number', PAY.replace('10', '1e1')],
    ['the name as this hop has it', PAY.replace('"pay"', '"bank_pay"')],
    [
      'what belongs to one try',
      PAY.replace('{', '{"_meta":{"progressToken":7},"requestState":"s","inputResponses":{"q":{}},'),
    ],
  ])('is the same with %s', (_what, params) => {
    expect(digest(params)).toBe(digest(PAY));
  });

  it.each([
    ['a changed text', PAY.replace('bob', 'Bob')],
    ['a number as text', PAY.replace('10', '"10"')],
    ['a changed number', PAY.replace('10', '11')],
    ['a zero more', PAY.replace('10', '100')],
    ['other order in a list', PAY.replace('"a","b"', '"b","a"')],
    ['a list in a list', PAY.replace('["a","b"]', '[["a"],"b"]')],
    ['one text for two', PAY.replace('"a","b"', '"a,b"')],
    ['null left out', PAY.replace(',"x":null', '')],
    ['an argument more', PAY.replace('"to"', '"cc":"eve","to"')],
    ['a key in other case', PAY.replace('"to"', '"To"')],
    ['a member beside the arguments', PAY.replace('{', '{"Name":"refund",')],
    ['no arguments', '{"name":"pay"}'],
    ['empty arguments', '{"name":"pay","arguments":{}}'],
    ['composed and decomposed letters', PAY.replace('bob', 'bo\u0308b')],
  ])('changes with %s', (_what, params) => {
    expect(digest(params)).not.toBe(digest(PAY));
  });

  it('tells all of these from each other', () => {
    const all = [
      '{"name":"pay"}',
      '{"name":"pay","arguments":{}}',
      '{"arguments":{"a":{}}}',
      '{"arguments":{"a":[]}}',
    ];
    expect(new Set(all.map((params) => digest(params))).size).toBe(all.length);
  });

  it.each<[string, Partial<DigestedCall>]>([
    ['server', { server: 'bank2' }],
    ['name', { name: 'refund' }],
    ['kind', { kind: 'prompt' }],
    ['method', { method: 'prompts/get' }],
  ])('changes with the %s', (_what, more) => {
    expect(digest(PAY, more)).not.toBe(digest(PAY));
  });

  it('does not let one part run into the next', () => {
    const one = digest(PAY, { server: 'a', name: 'bc' });
    expect(digest(PAY, { server: 'ab', name: 'c' })).not.toBe(one);
  });

  it.each([
    ['9007199254740992', '9007199254740993'],
    ['-9007199254740992', '-9007199254740993'],
    ['1e999', '1e1000'],
    ['1e-999', '2e-999'],
    ['0', '1e-999'],
  ])('tells %s from %s, which are one number to JavaScript', (one, other) => {
    expect(Number(one)).toBe(Number(other));
    expect(digest(PAY.replace('10', one))).not.toBe(digest(PAY.replace('10', other)));
  });

  it('with such a number is the same for the same text, whatever the try', () => {
    const big = PAY.replace('10', '9007199254740993');
    const again = `{"arguments":${big.slice(big.indexOf('"arguments":') + 12, -1)},"_meta":{"a":1},"name":"bank_pay"}`;
    expect(digest(again)).toBe(digest(big));
  });

  it('never takes text as written for a value', () => {
    const big = '{"arguments":{"n":9007199254740993}}';
    expect(digest(big)).not.toBe(digest(JSON.stringify({ arguments: '{"n":9007199254740993}' })));
  });

  it('takes a URI or a prompt by the name of the action, and completion by all of its members', () => {
    const read = { method: 'resources/read', kind: 'resource', name: 'file:///a' } as const;
    expect(digest('{"uri":"x"}', read)).toBe(digest('{"uri":"y"}', read));
    expect(digest('{"uri":"x"}', { ...read, name: 'file:///b' })).not.toBe(digest('{"uri":"x"}', read));
    const complete = { method: 'completion/complete', kind: 'prompt' } as const;
    expect(digest('{"ref":{"name":"a"}}', complete)).not.toBe(digest('{"ref":{"name":"b"}}', complete));
  });

  it('needs neither params nor a document', () => {
    const call = { method: 'tools/call', kind: 'tool', server: 'bank', name: 'pay' } as const;
    expect(digestOfCall(call)).toBe(digest('{"name":"pay"}'));
  });
});
