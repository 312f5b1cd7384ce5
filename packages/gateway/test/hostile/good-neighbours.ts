import { expect } from 'vitest';
import { PING, rpc, type RawRequest, type RequestParts } from './bad-request.ts';
import { described } from './modern-request.ts';

/** A request, by default a ping, that is just on the right side of the line that a bad request crosses. */
export interface GoodNeighbour {
  readonly name: string;
  readonly request: RequestParts | RawRequest;
  /** Default: that of a ping. */
  readonly result?: unknown;
}

/** A call that describes itself. */
function withEcho(name: string, headers: RequestParts['headers'] = {}): GoodNeighbour {
  return {
    name,
    request: described('tools/call', { name: 'echo', arguments: { message: 'x' } }, { headers }),
    result: {
      resultType: 'complete',
      content: [{ type: 'text', text: 'Echo: x' }],
      _meta: {
        'io.modelcontextprotocol/serverInfo': { name: 'smcp', version: expect.any(String) as unknown },
      },
    },
  };
}

const RAW_HEAD = [
  'POST /mcp/everything HTTP/1.1',
  'Host: localhost',
  'Authorization: Bearer {{alice}}',
  'Mcp-Session-Id: {{session}}',
  'Content-Type: application/json',
  'Connection: close',
];

function withHeader(name: string, value: string): GoodNeighbour {
  return { name: `${name}: ${value}`, request: { headers: { [name]: value } } };
}

function withBody(name: string, body: string): GoodNeighbour {
  return { name, request: { body } };
}

export const goodNeighbours: readonly GoodNeighbour[] = [
  withBody('a plain ping', PING),
  withHeader('host', 'LOCALHOST:1234'),
  withHeader('host', 'localhost.'),
  withHeader('host', '[::1]:80'),
  withHeader('host', 'gate.example.com'),
  withHeader('origin', 'https://app.example.com'),
  withHeader('content-type', 'application/json;charset=UTF-8'),
  withHeader('content-type', 'APPLICATION/JSON ; charset="utf-8"; x=y'),
  withHeader('accept', '*/*'),
  withHeader('accept', 'text/html, application/*;q=0.1'),
  withHeader('accept', ''),
  withHeader('authorization', 'bearer {{alice}}'),
  withHeader('mcp-protocol-version', '2025-06-18'),
  { name: 'a query that is no credential', request: { path: '/mcp/everything?access_token=nonsense' } },
  {
    name: 'an agent with its code hash',
    request: {
      headers: {
        authorization: 'Bearer {{worker}}',
        'x-smcp-code-hash': '{{code-hash}}',
        'mcp-session-id': '{{session-worker}}',
      },
    },
  },
  {
    name: 'an agent with a good chain',
    request: {
      headers: {
        authorization: 'Bearer {{worker}}',
        'x-smcp-code-hash': '{{code-hash}}',
        'x-smcp-delegation-chain': '{{chain-good}}',
        'mcp-session-id': '{{session-delegated}}',
      },
    },
  },
  withEcho('a call that describes itself'),
  withEcho('a name in base64', { 'mcp-name': '=?base64?ZWNobw==?=' }),
  withEcho('a name with blanks around', { 'mcp-name': ' \techo ' }),
  withEcho('a call that describes itself, whatever session it names', {
    'mcp-session-id': '{{session-bob}}',
    'last-event-id': '1',
  }),
  withBody('the largest body', PING.padEnd(64 * 1024)),
  withBody('the deepest body', rpc('ping', `{"x":${'['.repeat(14)}${']'.repeat(14)}}`)),
  // Four members outside, one inside, and so many elements.
  withBody('the most values', rpc('ping', `{"x":[${Array.from({ length: 1995 }, () => '0').join()}]}`)),
  withBody('the same member in another case', rpc('ping', '{"a":1,"A":2}')),
  withBody('the same member in two objects', rpc('ping', '{"a":{"b":1},"c":{"b":1}}')),
  withBody('a member called constructor', rpc('ping', '{"constructor":{"prototype":{}}}')),
  withBody('a whole pair of surrogates', rpc('ping', '{"x":"\\ud83d\\ude00"}')),
  withBody('a number beyond what numbers hold', rpc('ping', '{"x":123456789012345678901234567890}')),
  withBody('blanks around', `\r\n\t ${PING} \n`),
  {
    name: 'chunks',
    request: {
      raw: [
        ...RAW_HEAD,
        'Transfer-Encoding: chunked',
        '',
        '1;x=y',
        '{',
        (PING.length - 1).toString(16),
        PING.slice(1),
        '0',
        '',
        '',
      ].join('\r\n'),
    },
  },
  {
    name: 'a hundred headers',
    request: {
      raw: [
        ...RAW_HEAD,
        ...Array.from({ length: 94 }, (_, index) => `X-Note-${index}: x`),
        `Content-Length: ${PING.length}`,
        '',
        PING,
      ].join('\r\n'),
    },
  },
];
