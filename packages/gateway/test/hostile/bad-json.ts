import { PING, rpc, type BadRequest } from './bad-request.ts';
import { unreadable } from './refusals.ts';

function texts(threat: string, entries: readonly (readonly [string, string | Uint8Array, string])[]): readonly BadRequest[] {
  return entries.map(([name, body, message]) => ({ name, threat, request: { body }, expect: unreadable(message) }));
}

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

/** Bodies that are not one clear JSON text. */
export const badJson: readonly BadRequest[] = [
  ...texts('A72', [
    ['an empty body', '', 'Text is not valid JSON'],
    ['only blanks', ' \n\t ', 'Text is not valid JSON'],
    ['a text cut in the middle', PING.slice(0, 20), ''],
    ['a trailing comma', '{"jsonrpc":"2.0","id":1,"method":"ping",}', ''],
    ['single quotes', "{'jsonrpc':'2.0'}", ''],
    ['a byte order mark', `\ufeff${PING}`, ''],
    ['NaN', '{"jsonrpc":"2.0","id":NaN,"method":"ping"}', ''],
    ['Infinity', rpc('ping', '{"x":-Infinity}'), ''],
    ['a hexadecimal number', rpc('ping', '{"x":0x10}'), ''],
    ['a leading zero', rpc('ping', '{"x":01}'), ''],
    ['a line comment', `${PING} // admin`, ''],
    ['a block comment', `/* admin */${PING}`, ''],
    ['a second text behind the first', PING + PING, ''],
    ['text behind the end', `${PING}x`, ''],
    ['a NUL behind the end', `${PING}\0`, ''],
    ['a raw line feed inside a string', '{"jsonrpc":"2.0","id":1,"method":"pi\nng"}', ''],
    ['a raw control character inside a string', '{"jsonrpc":"2.0","id":1,"method":"ping\u0001"}', ''],
    ['an unknown escape', '{"jsonrpc":"2.0","id":1,"method":"p\\x69ng"}', ''],
    ['half an escape', '{"jsonrpc":"2.0","id":1,"method":"ping\\u00"}', ''],
    ['a high surrogate alone', rpc('ping', '{"x":"\\ud800"}'), ''],
    ['a low surrogate alone', rpc('ping', '{"x":"\\udc00"}'), ''],
    ['surrogates the wrong way round', rpc('ping', '{"x":"\\udc00\\ud800"}'), ''],
    ['a surrogate alone as a key', rpc('ping', '{"\\ud800":1}'), ''],
    ['a member twice', '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}', ''],
    ['a member twice, once with an escape', '{"jsonrpc":"2.0","id":1,"method":"ping","m\\u0065thod":"tools/list"}', ''],
    ['the id twice', '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', ''],
    ['a parameter twice', rpc('tools/call', '{"name":"echo","name":"get-env","arguments":{}}'), ''],
    ['a parameter twice, once with an escape', rpc('tools/call', '{"name":"echo","n\\u0061me":"get-env"}'), ''],
    ['an argument twice', rpc('tools/call', '{"name":"echo","arguments":{"message":"a","message":"b"}}'), ''],
    ['a member twice deep inside', rpc('ping', '{"a":[{"b":{"c":1,"c":2}}]}'), ''],
    ['the prototype as a member', '{"jsonrpc":"2.0","id":1,"method":"ping","__proto__":{"admin":true}}', ''],
    ['the prototype as an argument', rpc('tools/call', '{"name":"echo","arguments":{"__proto__":{"x":1}}}'), ''],
    ['the prototype with an escape', rpc('ping', '{"\\u005f_proto__":1}'), ''],
    ['bytes that are not UTF-8', bytes(PING.slice(0, -2), [0xff, 0xfe], '"}'), 'The body is not valid UTF-8'],
    ['an overlong form of a slash', bytes(PING.slice(0, -2), [0xc0, 0xaf], '"}'), 'The body is not valid UTF-8'],
    ['a surrogate as UTF-8', bytes(PING.slice(0, -2), [0xed, 0xa0, 0x80], '"}'), 'The body is not valid UTF-8'],
    ['UTF-16', Buffer.from(PING, 'utf16le'), ''],
    ['a closing brace too many', `${PING}}`, ''],
    ['an opening bracket never closed', rpc('ping', '{"x":[}'), ''],
  ]),
  ...texts('A78', [
    ['ten thousand brackets', '['.repeat(10_000), ''],
    ['one level too deep', rpc('ping', `{"x":${'['.repeat(15)}${']'.repeat(15)}}`), ''],
    ['thirty thousand values', rpc('ping', `{"x":[${'0,'.repeat(30_000)}0]}`), ''],
  ]),
];
