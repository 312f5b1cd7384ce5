import { PING, rpc, type BadRequest } from './bad-request.ts';
import { unreadable } from './refusals.ts';

function texts(
  threat: string,
  entries: readonly (readonly [string, string | Uint8Array, string])[],
): readonly BadRequest[] {
  return entries.map(([name, body, message]) => ({
    name,
    threat,
    request: { body },
    expect: unreadable(message),
  }));
}

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

/** Bodies that are not one clear JSON text. */
export const badJson: readonly BadRequest[] = [
  ...texts('A72', [
    ['an empty body', '', 'Text is not valid JSON'],
    ['only blanks', ' \n\t ', 'Text is not valid JSON'],
    ['a text cut in the middle', PING.slice(0, 20), 'JSON string at offset 17 does not end'],
    ['a trailing comma', '{"jsonrpc":"2.0","id":1,"method":"ping",}', 'Text is not valid JSON at offset 40'],
    ['single quotes', "{'jsonrpc':'2.0'}", 'Text is not valid JSON at offset 1'],
    ['a byte order mark', `\ufeff${PING}`, 'Text is not valid JSON'],
    ['NaN', '{"jsonrpc":"2.0","id":NaN,"method":"ping"}', 'Text is not valid JSON'],
    ['Infinity', rpc('ping', '{"x":-Infinity}'), 'Text is not valid JSON at offset 55'],
    ['a hexadecimal number', rpc('ping', '{"x":0x10}'), 'Text is not valid JSON at offset 55'],
    ['a leading zero', rpc('ping', '{"x":01}'), 'Text is not valid JSON at offset 55'],
    ['a line comment', `${PING} // admin`, 'Text is not valid JSON at offset 41'],
    ['a block comment', `/* admin */${PING}`, 'Text is not valid JSON'],
    ['a second text behind the first', PING + PING, 'Text is not valid JSON at offset 40'],
    ['text behind the end', `${PING}x`, 'Text is not valid JSON at offset 40'],
    ['a NUL behind the end', `${PING}\0`, 'Text is not valid JSON at offset 40'],
    [
      'a raw line feed inside a string',
      '{"jsonrpc":"2.0","id":1,"method":"pi\nng"}',
      'Text is not valid JSON at offset 36',
    ],
    [
      'a raw control character inside a string',
      '{"jsonrpc":"2.0","id":1,"method":"ping\u0001"}',
      'Text is not valid JSON at offset 38',
    ],
    [
      'an unknown escape',
      '{"jsonrpc":"2.0","id":1,"method":"p\\x69ng"}',
      'Text is not valid JSON at offset 36',
    ],
    [
      'half an escape',
      '{"jsonrpc":"2.0","id":1,"method":"ping\\u00"}',
      'Text is not valid JSON at offset 42',
    ],
    [
      'a high surrogate alone',
      rpc('ping', '{"x":"\\ud800"}'),
      'JSON escape at offset 55 is half of a surrogate pair',
    ],
    [
      'a low surrogate alone',
      rpc('ping', '{"x":"\\udc00"}'),
      'JSON escape at offset 55 is half of a surrogate pair',
    ],
    [
      'surrogates the wrong way round',
      rpc('ping', '{"x":"\\udc00\\ud800"}'),
      'JSON escape at offset 55 is half of a surrogate pair',
    ],
    [
      'a surrogate alone as a key',
      rpc('ping', '{"\\ud800":1}'),
      'JSON escape at offset 51 is half of a surrogate pair',
    ],
    [
      'a member twice',
      '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}',
      'JSON key "method" at offset 40 stands twice in one object',
    ],
    [
      'a member twice, once with an escape',
      '{"jsonrpc":"2.0","id":1,"method":"ping","m\\u0065thod":"tools/list"}',
      'JSON key "method" at offset 40 stands twice in one object',
    ],
    [
      'the id twice',
      '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}',
      'JSON key "id" at offset 24 stands twice in one object',
    ],
    [
      'a parameter twice',
      rpc('tools/call', '{"name":"echo","name":"get-env","arguments":{}}'),
      'JSON key "name" at offset 70 stands twice in one object',
    ],
    [
      'a parameter twice, once with an escape',
      rpc('tools/call', '{"name":"echo","n\\u0061me":"get-env"}'),
      'JSON key "name" at offset 70 stands twice in one object',
    ],
    [
      'an argument twice',
      rpc('tools/call', '{"name":"echo","arguments":{"message":"a","message":"b"}}'),
      'JSON key "message" at offset 97 stands twice in one object',
    ],
    [
      'a member twice deep inside',
      rpc('ping', '{"a":[{"b":{"c":1,"c":2}}]}'),
      'JSON key "c" at offset 67 stands twice in one object',
    ],
    [
      'the prototype as a member',
      '{"jsonrpc":"2.0","id":1,"method":"ping","__proto__":{"admin":true}}',
      'JSON key "__proto__" at offset 40 is not accepted',
    ],
    [
      'the prototype as an argument',
      rpc('tools/call', '{"name":"echo","arguments":{"__proto__":{"x":1}}}'),
      'JSON key "__proto__" at offset 83 is not accepted',
    ],
    [
      'the prototype with an escape',
      rpc('ping', '{"\\u005f_proto__":1}'),
      'JSON key "__proto__" at offset 50 is not accepted',
    ],
    ['bytes that are not UTF-8', bytes(PING.slice(0, -2), [0xff, 0xfe], '"}'), 'The body is not valid UTF-8'],
    [
      'an overlong form of a slash',
      bytes(PING.slice(0, -2), [0xc0, 0xaf], '"}'),
      'The body is not valid UTF-8',
    ],
    [
      'a surrogate as UTF-8',
      bytes(PING.slice(0, -2), [0xed, 0xa0, 0x80], '"}'),
      'The body is not valid UTF-8',
    ],
    ['UTF-16', Buffer.from(PING, 'utf16le'), 'Text is not valid JSON at offset 1'],
    ['a closing brace too many', `${PING}}`, 'JSON closes at offset 40 what is not open'],
    ['an opening bracket never closed', rpc('ping', '{"x":[}'), 'JSON closes at offset 55 what is not open'],
  ]),
  ...texts('A78', [
    ['ten thousand brackets', '['.repeat(10_000), 'JSON text nests deeper than 16'],
    [
      'one level too deep',
      rpc('ping', `{"x":${'['.repeat(15)}${']'.repeat(15)}}`),
      'JSON text nests deeper than 16',
    ],
    [
      'thirty thousand values',
      rpc('ping', `{"x":[${'0,'.repeat(30_000)}0]}`),
      'JSON text has more than 2000 members and elements',
    ],
  ]),
];
