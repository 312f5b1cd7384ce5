import { RPC_ERRORS } from '@smcp/protocol';
import { PING, rpc, type BadRequest, type Refusal, type RequestParts } from './bad-request.ts';
import { answered, noSession, notJsonRpc } from './refusals.ts';

const BATCH = 'Batches are not accepted, send one message at a time';
const ID = 'Member id must be a safe integer or a string of at most 256 characters';
const METHOD = 'Member method must be a string of 1 to 128 characters';
/** Names all of them, so that a client that can do both eras finds the newer one. */
const SUPPORTED = ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'];

function noVersion(requested?: string): Refusal {
  return {
    status: 400,
    rpcCode: RPC_ERRORS.unsupportedVersion,
    id: 1,
    message: `Unsupported protocol version; supported: ${SUPPORTED.join(', ')}`,
    data: { supported: SUPPORTED, ...(requested === undefined ? {} : { requested }) },
  };
}

function shapes(
  entries: readonly (readonly [name: string, body: string, message: string, id?: 1])[],
): readonly BadRequest[] {
  return entries.map(([name, body, message, id]) => ({
    name,
    request: { body },
    expect: notJsonRpc(message, id),
  }));
}

/** JSON that is no message, a method that nobody may call, a session that is not the caller's. */
export const badMessages: readonly BadRequest[] = [
  ...[
    `[${PING}]`,
    '[]',
    `[${PING},{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"get-env"}}]`,
  ].map((body, index): BadRequest => ({
    name: ['a batch of one', 'an empty batch', 'a batch with a hidden call'][index] ?? '',
    threat: 'A71',
    request: { body },
    expect: notJsonRpc(BATCH),
  })),
  ...shapes([
    ['a number', '1', 'A message must be an object'],
    ['null', 'null', 'A message must be an object'],
    ['a text', '"ping"', 'A message must be an object'],
    ['no version', '{"id":1,"method":"ping"}', 'Member jsonrpc must be "2.0"', 1],
    ['version 1.0', '{"jsonrpc":"1.0","id":1,"method":"ping"}', 'Member jsonrpc must be "2.0"', 1],
    [
      'a version that is a number',
      '{"jsonrpc":2.0,"id":1,"method":"ping"}',
      'Member jsonrpc must be "2.0"',
      1,
    ],
    ['an id of null', '{"jsonrpc":"2.0","id":null,"method":"ping"}', 'The id of a request must not be null'],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"ping"}', ID],
    ['an id that is a list', '{"jsonrpc":"2.0","id":[1],"method":"ping"}', ID],
    ['an id that is a truth', '{"jsonrpc":"2.0","id":true,"method":"ping"}', ID],
    ['an id of one and a half', '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', ID],
    ['an id beyond what numbers hold', '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}', ID],
    ['an id that overflows', '{"jsonrpc":"2.0","id":1e999,"method":"ping"}', ID],
    ['an id of 257 characters', `{"jsonrpc":"2.0","id":"${'x'.repeat(257)}","method":"ping"}`, ID],
    ['nothing to do', '{"jsonrpc":"2.0","id":1}', 'A message needs a method, a result or an error', 1],
    ['an empty method', rpc(''), METHOD, 1],
    ['a method of 129 characters', rpc('x'.repeat(129)), METHOD, 1],
    ['a method that is a number', '{"jsonrpc":"2.0","id":1,"method":1}', METHOD, 1],
    ['a method that is null', '{"jsonrpc":"2.0","id":1,"method":null}', METHOD, 1],
    ['parameters in a list', rpc('ping', '[]'), 'Member params must be an object', 1],
    ['parameters of null', rpc('ping', 'null'), 'Member params must be an object', 1],
    ['parameters as text', rpc('ping', '"x"'), 'Member params must be an object', 1],
    [
      'a method and a result',
      '{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}',
      'A message has either a method or a result or an error',
      1,
    ],
    [
      'a result and an error',
      '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":""}}',
      'A response has either a result or an error',
      1,
    ],
    ['a result without an id', '{"jsonrpc":"2.0","result":{}}', 'A result needs an id'],
    ['a result that is a list', '{"jsonrpc":"2.0","id":1,"result":[]}', 'Member result must be an object', 1],
    [
      'an error without a code',
      '{"jsonrpc":"2.0","id":1,"error":{"message":"x"}}',
      'Member error must have an integer code and a message',
      1,
    ],
  ]),
  ...[
    'tools/Call',
    'tools/call ',
    'tools\\/call',
    'constructor',
    'toString',
    'rpc.discover',
    'subscriptions/listen',
    'tasks/get',
    'tasks/result',
    'tasks/list',
    'tasks/cancel',
    'sampling/createMessage',
    'elicitation/create',
    'roots/list',
    'notifications/cancelled',
    'notifications/initialized',
    'initialized',
    'shutdown',
    'line\nfeed',
    'x'.repeat(128),
  ].map((method): BadRequest => ({
    name: `method ${JSON.stringify(method.slice(0, 40))}`,
    threat: 'A82',
    request: { body: rpc(method) },
    expect: answered(-32601, `Method not found: ${JSON.stringify(method).slice(1, -1)}`),
  })),
  ...[
    '{}',
    '{"protocolVersion":20251125}',
    '{"protocolVersion":null}',
    '{"protocolVersion":["2025-11-25"]}',
  ].map((params): BadRequest => ({
    name: `initialize with ${params}`,
    request: { body: rpc('initialize', params), headers: { 'mcp-session-id': null } },
    expect: { status: 400, rpcCode: -32602, id: 1, message: 'Parameter "protocolVersion" must be a string' },
  })),
  ...['1999-01-01', '2025-11-25, 2025-06-18', 'latest', ''].map((version): BadRequest => ({
    name: `MCP-Protocol-Version: ${JSON.stringify(version)}`,
    request: { headers: { 'mcp-protocol-version': version } },
    expect: noVersion(version),
  })),
  {
    name: 'two protocol versions',
    request: { headers: { 'mcp-protocol-version': ['2025-11-25', '2025-11-25'] } },
    expect: noVersion(),
  },
  ...sessions(),
];

function sessions(): readonly BadRequest[] {
  const unknown = (name: string, request: RequestParts): BadRequest => ({
    name,
    threat: 'A51',
    request,
    expect: noSession(1),
  });
  const missing: Refusal = {
    status: 400,
    rpcCode: RPC_ERRORS.unsupportedVersion,
    id: 1,
    message: 'Header Mcp-Session-Id is missing: send initialize first, or describe the request in _meta',
    data: { supported: SUPPORTED },
  };
  const forSessions: Refusal = {
    status: 405,
    rpcCode: RPC_ERRORS.invalidRequest,
    message: 'Method not allowed without Mcp-Session-Id',
    headers: { allow: 'POST' },
  };
  return [
    {
      name: 'no session',
      threat: 'A51',
      request: { headers: { 'mcp-session-id': null } },
      expect: missing,
    },
    {
      name: 'a session of two sessions',
      threat: 'A51',
      request: { headers: { 'mcp-session-id': ['{{session}}', '{{session}}'] } },
      expect: missing,
    },
    unknown('a session that nobody has', { headers: { 'mcp-session-id': `ses-${'A'.repeat(32)}` } }),
    unknown('a session of no name', { headers: { 'mcp-session-id': '' } }),
    unknown('a session of an object’s member', { headers: { 'mcp-session-id': 'constructor' } }),
    unknown('a session in another case', { headers: { 'mcp-session-id': 'SES-x' } }),
    unknown('a session with something behind', { headers: { 'mcp-session-id': '{{session}}x' } }),
    unknown('the session of somebody else', { headers: { 'mcp-session-id': '{{session-bob}}' } }),
    unknown('my session with somebody else’s key', { headers: { authorization: 'Bearer {{bob}}' } }),
    unknown('a session of another endpoint', { path: '/mcp/team' }),
    unknown('a session of one server at all servers', { path: '/mcp' }),
    unknown('a session of all servers at one server', { headers: { 'mcp-session-id': '{{session-all}}' } }),
    unknown('a session that has ended', { headers: { 'mcp-session-id': '{{session-ended}}' } }),
    unknown('the session of an agent that acts for somebody, without the chain', {
      headers: {
        authorization: 'Bearer {{worker}}',
        'x-smcp-code-hash': '{{code-hash}}',
        'mcp-session-id': '{{session-delegated}}',
      },
    }),
    unknown('the session of an agent of its own, with a chain', {
      headers: {
        authorization: 'Bearer {{worker}}',
        'x-smcp-code-hash': '{{code-hash}}',
        'x-smcp-delegation-chain': '{{chain-good}}',
        'mcp-session-id': '{{session-worker}}',
      },
    }),
    {
      name: 'the stream of somebody else',
      threat: 'A54',
      request: { method: 'GET', headers: { 'mcp-session-id': '{{session-bob}}' }, body: '' },
      expect: noSession(),
    },
    {
      name: 'the stream of somebody else from an event on',
      threat: 'A54',
      request: {
        method: 'GET',
        headers: { 'mcp-session-id': '{{session-bob}}', 'last-event-id': '1' },
        body: '',
      },
      expect: noSession(),
    },
    {
      name: 'an end of somebody else’s session',
      threat: 'A51',
      request: { method: 'DELETE', headers: { 'mcp-session-id': '{{session-bob}}' }, body: '' },
      expect: noSession(),
    },
    {
      name: 'an end of no session',
      request: { method: 'DELETE', headers: { 'mcp-session-id': null }, body: '' },
      expect: forSessions,
    },
    {
      name: 'a stream of no session',
      request: { method: 'GET', headers: { 'mcp-session-id': null }, body: '' },
      expect: forSessions,
    },
    ...['GET', 'DELETE'].map((method): BadRequest => ({
      name: `${method} by a client that knows no sessions`,
      request: { method, headers: { 'mcp-protocol-version': '2026-07-28' }, body: '' },
      expect: forSessions,
    })),
    {
      name: 'a notification to somebody else’s session',
      threat: 'A81',
      request: {
        headers: { 'mcp-session-id': '{{session-bob}}' },
        body: '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}',
      },
      expect: noSession(),
    },
    {
      name: 'an answer into somebody else’s session',
      threat: 'A80',
      request: {
        headers: { 'mcp-session-id': '{{session-bob}}' },
        body: '{"jsonrpc":"2.0","id":1,"result":{}}',
      },
      expect: noSession(),
    },
  ];
}
