import { PING, type BadRequest } from './bad-request.ts';
import { dropped, NO_CREDENTIAL, NOT_FOUND } from './refusals.ts';

const HOST_REFUSED = 'Host not allowed: add it to allowed_hosts or set public_url';
const TOO_LARGE = 'The body is over 65536 bytes';

const LENGTH = `Content-Length: ${PING.length}`;
const GOOD = [
  'Host: localhost',
  'Authorization: Bearer {{alice}}',
  'Mcp-Session-Id: {{session}}',
  'Content-Type: application/json',
  'Connection: close',
];

/** A request as text: alice's ping, but for the lines given. */
function raw(lines: readonly string[], body = PING, requestLine = 'POST /mcp/everything HTTP/1.1'): string {
  return [requestLine, ...GOOD, ...lines, '', body].join('\r\n');
}

function chunked(...chunks: readonly string[]): string {
  return chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
}

const SMUGGLED = 'POST /mcp/everything HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** What is wrong below HTTP's own meaning: framing that two readers could read in two ways, and what is too large or too slow. */
export const badFraming: readonly BadRequest[] = [
  {
    name: 'a length and chunks at once',
    threat: 'A79',
    request: { raw: raw([LENGTH, 'Transfer-Encoding: chunked'], `0\r\n\r\n${SMUGGLED}`) },
    expect: dropped(400),
  },
  {
    name: 'chunks and a length at once',
    threat: 'A79',
    request: { raw: raw(['Transfer-Encoding: chunked', LENGTH], `0\r\n\r\n${SMUGGLED}`) },
    expect: dropped(400),
  },
  {
    name: 'two different lengths',
    threat: 'A79',
    request: { raw: raw([LENGTH, 'Content-Length: 0']) },
    expect: dropped(400),
  },
  {
    name: 'the same length twice',
    threat: 'A79',
    request: { raw: raw([LENGTH, LENGTH]) },
    expect: dropped(400),
  },
  {
    name: 'a list of lengths',
    threat: 'A79',
    request: { raw: raw([`Content-Length: ${PING.length}, ${PING.length}`]) },
    expect: dropped(400),
  },
  {
    name: 'a length with a sign',
    threat: 'A79',
    request: { raw: raw([`Content-Length: +${PING.length}`]) },
    expect: dropped(400),
  },
  {
    name: 'a negative length',
    threat: 'A79',
    request: { raw: raw(['Content-Length: -1']) },
    expect: dropped(400),
  },
  {
    name: 'a hexadecimal length',
    threat: 'A79',
    request: { raw: raw([`Content-Length: 0x${PING.length.toString(16)}`]) },
    expect: dropped(400),
  },
  {
    name: 'a length beyond 64 bits',
    threat: 'A79',
    request: { raw: raw(['Content-Length: 99999999999999999999999999']) },
    expect: dropped(400),
  },
  {
    name: 'an unknown transfer encoding',
    threat: 'A79',
    request: { raw: raw(['Transfer-Encoding: xchunked'], chunked(PING)) },
    expect: dropped(400),
  },
  {
    name: 'chunked, but not as the last encoding',
    threat: 'A79',
    request: { raw: raw(['Transfer-Encoding: chunked, identity'], chunked(PING)) },
    expect: dropped(400),
  },
  {
    name: 'a tab before the colon of Transfer-Encoding',
    threat: 'A79',
    request: { raw: raw(['Transfer-Encoding\t: chunked'], chunked(PING)) },
    expect: dropped(400),
  },
  {
    name: 'a space before the colon of Content-Length',
    threat: 'A79',
    request: { raw: raw([`Content-Length : ${PING.length}`]) },
    expect: dropped(400),
  },
  {
    name: 'a chunk whose size is no number',
    threat: 'A79',
    request: { raw: raw(['Transfer-Encoding: chunked'], `zz\r\n${PING}\r\n0\r\n\r\n`) },
    expect: dropped(400),
  },
  {
    name: 'a chunk longer than its size',
    threat: 'A79',
    request: { raw: raw(['Transfer-Encoding: chunked'], `5\r\n${PING}\r\n0\r\n\r\n`) },
    expect: dropped(400),
  },
  {
    name: 'a chunk size beyond 64 bits',
    threat: 'A79',
    request: { raw: raw(['Transfer-Encoding: chunked'], `fffffffffffffffff\r\n${PING}\r\n0\r\n\r\n`) },
    expect: dropped(400),
  },
  {
    name: 'a chunk that ends in a bare line feed',
    threat: 'A79',
    request: { raw: raw(['Transfer-Encoding: chunked'], `${PING.length.toString(16)}\n${PING}\n0\n\n`) },
    expect: dropped(400),
  },
  {
    name: 'endless chunk extensions',
    threat: 'A78',
    request: { raw: raw(['Transfer-Encoding: chunked'], `1;${'x'.repeat(20_000)}\r\n{\r\n0\r\n\r\n`) },
    expect: { ...dropped(400), status: 413 },
  },
  {
    name: 'header lines that end in a bare line feed',
    threat: 'A79',
    request: { raw: raw([LENGTH]).replaceAll('\r\n', '\n') },
    expect: dropped(400),
  },
  {
    name: 'a bare line feed that starts another header inside a value',
    threat: 'A79',
    request: { raw: raw(['X-Note: one\nTransfer-Encoding: chunked', LENGTH]) },
    expect: dropped(400),
  },
  {
    name: 'a bare carriage return inside a value',
    threat: 'A79',
    request: { raw: raw(['X-Note: one\rTransfer-Encoding: chunked', LENGTH]) },
    expect: dropped(400),
  },
  {
    name: 'a NUL inside a value',
    threat: 'A79',
    request: { raw: raw(['X-Note: one\0two', LENGTH]) },
    expect: dropped(400),
  },
  {
    name: 'a header folded over two lines',
    threat: 'A79',
    request: { raw: raw(['X-Note: one\r\n two', LENGTH]) },
    expect: dropped(400),
  },
  {
    name: 'a header name with a blank',
    threat: 'A79',
    request: { raw: raw(['X Note: one', LENGTH]) },
    expect: dropped(400),
  },
  {
    name: 'a header line without a colon',
    threat: 'A79',
    request: { raw: raw(['Transfer-Encoding', LENGTH]) },
    expect: dropped(400),
  },
  {
    name: 'an empty header name',
    threat: 'A79',
    request: { raw: raw([': value', LENGTH]) },
    expect: dropped(400),
  },
  {
    name: 'bytes that are no HTTP',
    request: { raw: '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03' },
    expect: dropped(400),
  },
  {
    name: 'a request line without a version',
    request: { raw: 'GET /mcp/everything\r\n\r\n' },
    expect: { status: 403, message: HOST_REFUSED },
  },
  {
    name: 'HTTP/2 without agreement',
    request: { raw: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
    expect: dropped(400),
  },
  {
    name: 'a version that does not exist',
    request: { raw: raw([LENGTH], PING, 'POST /mcp/everything HTTP/1.2') },
    expect: dropped(400),
  },
  {
    name: 'a method that does not exist',
    request: { raw: raw([LENGTH], PING, 'BREW /mcp/everything HTTP/1.1') },
    expect: dropped(400),
  },
  {
    name: 'a blank inside the path',
    request: { raw: raw([LENGTH], PING, 'POST /mcp/every thing HTTP/1.1') },
    expect: dropped(400),
  },
  {
    name: 'an address in the place of the path',
    threat: 'A79',
    request: { raw: raw([LENGTH], PING, 'POST http://localhost/mcp/everything HTTP/1.1') },
    expect: NOT_FOUND,
  },
  {
    name: 'a proxy request for another host',
    threat: 'A79',
    request: { raw: raw([LENGTH], PING, 'POST http://metadata.internal/latest HTTP/1.1') },
    expect: NOT_FOUND,
  },
  {
    name: 'HTTP/1.1 without a host',
    request: { raw: raw([LENGTH]).replace('Host: localhost\r\n', '') },
    expect: dropped(400),
  },
  {
    name: 'HTTP/1.0 without a host',
    request: { raw: raw([LENGTH], PING, 'POST /mcp/everything HTTP/1.0').replace('Host: localhost\r\n', '') },
    expect: { status: 403, message: HOST_REFUSED },
  },
  {
    name: 'a smuggled request behind a refused one',
    threat: 'A79',
    request: { raw: raw([LENGTH, 'X-Note: \0'], PING + SMUGGLED) },
    expect: dropped(400),
  },
  {
    name: 'a good request behind one from nobody',
    threat: 'A79',
    request: {
      raw:
        raw([LENGTH])
          .replace(/Authorization.*\r\n/, '')
          .replace('Connection: close\r\n', '') + raw([LENGTH]),
    },
    expect: NO_CREDENTIAL,
  },
  {
    name: 'a good request behind one that is too large',
    threat: 'A79',
    request: { raw: raw(['Content-Length: 65537'], '').replace('Connection: close\r\n', '') + raw([LENGTH]) },
    expect: { status: 413, rpcCode: -32600, message: TOO_LARGE, headers: { connection: 'close' } },
  },
  {
    name: 'a body longer than its length',
    request: { raw: raw([`Content-Length: ${PING.length - 1}`]) },
    expect: dropped(400),
  },
  {
    name: 'a body that ends before its length',
    request: { raw: raw([`Content-Length: ${PING.length + 1}`]), end: true },
    expect: dropped(400),
  },
  {
    name: 'a body said to be over the limit',
    threat: 'A78',
    request: { raw: raw(['Content-Length: 65537'], '') },
    expect: { status: 413, rpcCode: -32600, message: TOO_LARGE, headers: { connection: 'close' } },
  },
  {
    name: 'chunks that go over the limit',
    threat: 'A78',
    request: { raw: raw(['Transfer-Encoding: chunked'], chunked(' '.repeat(40_000), ' '.repeat(40_000))) },
    expect: { status: 413, rpcCode: -32600, message: TOO_LARGE, headers: { connection: 'close' } },
  },
  {
    name: 'headers over the limit',
    threat: 'A78',
    request: { raw: raw([`X-Note: ${'x'.repeat(40_000)}`, LENGTH]) },
    expect: dropped(431),
  },
  {
    name: 'two hundred headers',
    threat: 'A78',
    request: { raw: raw([...Array.from({ length: 200 }, (_, index) => `X-Note-${index}: x`), LENGTH]) },
    expect: dropped(431),
  },
  {
    name: 'a second host behind a hundred headers',
    threat: 'A78',
    request: { raw: raw([...Array.from({ length: 100 }, () => 'X-Note: x'), LENGTH, 'Host: evil.example']) },
    expect: dropped(431),
  },
  {
    name: 'a path longer than all headers may be',
    threat: 'A78',
    request: { raw: raw([LENGTH], PING, `POST /mcp/${'a'.repeat(40_000)} HTTP/1.1`) },
    expect: dropped(431),
  },
];

/** Each of these takes as long as the gateway is patient. */
export const slowRequests: readonly BadRequest[] = [
  {
    name: 'a connection that never says a word',
    threat: 'A78',
    request: { raw: '' },
    expect: dropped(408),
  },
  {
    name: 'headers that stop',
    threat: 'A78',
    request: { raw: 'POST /mcp/everything HTTP/1.1\r\nHost: localhost\r\nX-No' },
    expect: dropped(408),
  },
  {
    name: 'headers that come byte by byte',
    threat: 'A78',
    request: { raw: 'POST /mcp/everything HTTP/1.1\r\nX-Note: ', trickle: { byte: 'x', everyMs: 100 } },
    expect: dropped(408),
  },
  {
    name: 'a body that stops',
    threat: 'A78',
    request: { raw: raw([LENGTH], '{"jsonrpc"') },
    expect: dropped(408),
  },
  {
    name: 'a body that comes byte by byte',
    threat: 'A78',
    request: { raw: raw(['Content-Length: 60000'], ' '), trickle: { byte: ' ', everyMs: 100 } },
    expect: dropped(408),
  },
  {
    name: 'chunks that come one by one',
    threat: 'A78',
    request: {
      raw: raw(['Transfer-Encoding: chunked'], '1\r\n \r\n'),
      trickle: { byte: '1\r\n \r\n', everyMs: 100 },
    },
    expect: dropped(408),
  },
  {
    name: 'a body that stops, from nobody',
    threat: 'A78',
    request: { raw: raw([LENGTH], '{').replace(/Authorization.*\r\n/, '') },
    expect: {
      status: 401,
      rpcCode: 40101,
      message: 'Authentication is required: send `Authorization: Bearer <token>`',
    },
  },
];
