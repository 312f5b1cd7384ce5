import { isJsonObject, readJson, type JsonObject } from '@smcp/protocol';
import { describe, expect, it } from 'vitest';
import { renderShown, type ShownCall } from '../../src/approval/index.ts';
import { createRedactor } from '../../src/audit/index.ts';

const redactor = createRedactor({ patterns: [], secretValues: () => ['hunter2-hunter2'] });

/** What is shown of params as written. */
function show(params: string, { method = 'tools/call', paths = [] as readonly string[] } = {}): ShownCall {
  const text = `{"jsonrpc":"2.0","id":1,"method":"${method}","params":${params}}`;
  const document = readJson(text, { maxLength: 1e7, maxDepth: 1000, maxNodes: 1e6 });
  const value = isJsonObject(document.value) ? document.value['params'] : undefined;
  return renderShown(value as JsonObject, { method, redactor, paths, document });
}

const args = (value: string): string => `{"name":"pay","_meta":{"a":1},"arguments":${value}}`;

describe('renderShown()', () => {
  it('shows arguments as indented JSON', () => {
    expect(show(args('{"to":"bob","n":[1,2.5]}'))).toEqual({
      text: '{\n  "to": "bob",\n  "n": [\n    1,\n    2.5\n  ]\n}',
      whole: true,
    });
  });

  it.each([
    ['no params', undefined],
    ['no arguments', { name: 'pay', _meta: {}, requestState: 'x' }],
  ])('has nothing to show with %s', (_what, params) => {
    expect(renderShown(params, { method: 'tools/call', redactor, paths: [] })).toEqual({
      text: '',
      whole: true,
    });
  });

  it('shows a member beside the arguments, for it is part of the call', () => {
    const { text } = show('{"name":"pay","arguments":{"a":1},"Name":"refund"}');
    expect(JSON.parse(text)).toEqual({ arguments: { a: 1 }, Name: 'refund' });
  });

  it('shows what a completion is about', () => {
    const { text } = show('{"ref":{"name":"x"},"argument":{"name":"a","value":"b"}}', {
      method: 'completion/complete',
    });
    expect(JSON.parse(text)).toEqual({ ref: { name: 'x' }, argument: { name: 'a', value: 'b' } });
  });

  it.each([
    ['a known secret', '{"note":"use hunter2-hunter2 now"}'],
    ['a member with the name of a secret', '{"password":"abc"}'],
    ['a path', '{"card":{"number":"4000"}}'],
  ])('hides %s and is then not the whole', (_what, value) => {
    const { text, whole } = show(args(value), { paths: ['card.number'] });
    expect(text).toContain('[redacted]');
    expect(text).not.toMatch(/hunter2|abc|4000/);
    expect(whole).toBe(false);
  });

  it('hides a path also when there are members beside the arguments', () => {
    const { text, whole } = show('{"arguments":{"card":{"number":"4000"}},"x":1}', {
      paths: ['card.number'],
    });
    expect(text).not.toContain('4000');
    expect(whole).toBe(false);
  });

  it('spells out characters that deceive', () => {
    const { text, whole } = show(args(JSON.stringify({ 'a\u202eb': 'x\u200by\r\n\u001b[2J' })));
    expect(text).toBe('{\n  "a\\u{202e}b": "x\\u{200b}y\\r\\n\\u001b[2J"\n}');
    expect(whole).toBe(true);
  });

  it('does not let a text leave its line', () => {
    const { text } = show(args(JSON.stringify({ a: 'b"\n}\nApproved already' })));
    expect(text.split('\n')).toHaveLength(3);
  });

  it('shows 4000 characters whole, and one more cut with a notice', () => {
    const room = 4000 - '{\n  "a": ""\n}'.length;
    expect(show(args(JSON.stringify({ a: 'x'.repeat(room) })))).toMatchObject({ whole: true });
    const { text, whole } = show(args(JSON.stringify({ a: 'x'.repeat(room + 7) })));
    expect(whole).toBe(false);
    expect(text).toMatch(/^[^]{4000}\n… \[7 more characters are not shown\]$/);
  });

  it('does not cut a character in half', () => {
    const room = 4000 - '{\n  "a": "'.length;
    const { text } = show(args(JSON.stringify({ a: `${'x'.repeat(room - 1)}${'💥'.repeat(10)}` })));
    expect(text.isWellFormed()).toBe(true);
  });

  it('says so when the redactor left something out', () => {
    let deep = '1';
    for (let depth = 0; depth < 40; depth += 1) deep = `[${deep}]`;
    expect(show(args(`{"a":${deep}}`)).whole).toBe(false);
  });

  it.each([
    '9007199254740993',
    '-123456789012345678901234567890',
    '1e999',
    '1e-999',
    '0.12345678901234567890',
  ])('shows the number %s as it is written, in a message with such numbers', (number) => {
    const { text, whole } = show(args(`{"big":1e400,"small":12,"text":"1e999 \\" 1e999","n":[${number}]}`));
    expect(text).toContain(`"${number} (a number)"`);
    expect(text).toContain('"small": 12,');
    expect(text).toContain(String.raw`"text": "1e999 \" 1e999"`);
    expect(whole).toBe(true);
  });

  it('hides a number like that at a path', () => {
    const { text } = show(args('{"pin":12345678901234567890}'), { paths: ['pin'] });
    expect(text).not.toContain('12345');
  });

  it('is not the whole when there is too much to look at every such number', () => {
    const { whole } = show(args(`{"n":9007199254740993,"a":[${'1, '.repeat(40_000)}1]}`));
    expect(whole).toBe(false);
  });
});
