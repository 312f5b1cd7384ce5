import { PING, rpc, type RequestParts } from './bad-request.ts';

/** A request that carries a secret where none belongs. Its sender may see it again; logs and records may not hold it. */
export interface StraySecret {
  readonly name: string;
  readonly request: RequestParts;
}

const INITIALIZE =
  '{"protocolVersion":"{{stray}}","capabilities":{"experimental":{"{{stray}}":{}}},"clientInfo":{"name":"{{stray}}","version":"{{stray}}"}}';

const AT_ALL = { path: '/mcp', headers: { 'mcp-session-id': '{{session-all}}' } } as const;

function header(name: string, value = '{{stray}}'): StraySecret {
  return { name: `header ${name}`, request: { headers: { [name]: value } } };
}

function body(name: string, text: string): StraySecret {
  return { name, request: { body: text } };
}

/** `{{stray}}` stands for the secret. */
export const straySecrets: readonly StraySecret[] = [
  header('host', '{{stray}}.example.com'),
  header('origin', 'https://{{stray}}'),
  header('user-agent'),
  header('accept'),
  header('content-type', 'text/{{stray}}'),
  header('content-encoding'),
  header('mcp-session-id'),
  header('mcp-protocol-version'),
  header('x-forwarded-for'),
  header('traceparent'),
  header('cookie'),
  header('x-smcp-code-hash'),
  header('x-smcp-delegation-chain'),
  header('authorization', '{{stray}}'),
  header('authorization', 'Basic {{stray}}'),
  header('authorization', 'Bearer {{stray}}x'),
  {
    name: 'the code hash of an agent',
    request: { headers: { authorization: 'Bearer {{worker}}', 'x-smcp-code-hash': '{{stray}}' } },
  },
  {
    name: 'the chain of an agent',
    request: {
      headers: {
        authorization: 'Bearer {{worker}}',
        'x-smcp-code-hash': '{{code-hash}}',
        'x-smcp-delegation-chain': '{{stray}}.{{stray}}.{{stray}}',
      },
    },
  },
  { name: 'the path', request: { path: '/mcp/{{stray}}' } },
  { name: 'a path that is not found', request: { path: '/{{stray}}' } },
  { name: 'the query', request: { path: '/mcp/everything?token={{stray}}' } },
  { name: 'the method of the request', request: { method: 'PUT', path: '/{{stray}}' } },
  body('no JSON', '{{stray}}'),
  body('a text', '"{{stray}}"'),
  body('a member twice', '{"{{stray}}":1,"{{stray}}":2}'),
  body('the id', `{"jsonrpc":"2.0","id":"{{stray}}","method":"ping"}`),
  body('the method', rpc('{{stray}}')),
  body('another member', `${PING.slice(0, -1)},"{{stray}}":"{{stray}}"}`),
  {
    name: 'the handshake',
    request: { body: rpc('initialize', INITIALIZE), headers: { 'mcp-session-id': null } },
  },
  body('a notification', '{"jsonrpc":"2.0","method":"{{stray}}","params":{"{{stray}}":"{{stray}}"}}'),
  body(
    'an answer nobody waits for',
    '{"jsonrpc":"2.0","id":"{{stray}}","error":{"code":1,"message":"{{stray}}"}}',
  ),
  body('a tool', rpc('tools/call', '{"name":"{{stray}}"}')),
  body('a tool with something before', rpc('tools/call', '{"name":"echo {{stray}}"}')),
  {
    name: 'a tool at all servers',
    request: { ...AT_ALL, body: rpc('tools/call', '{"name":"everything_{{stray}}"}') },
  },
  body('an argument', rpc('tools/call', '{"name":"echo","arguments":{"message":"{{stray}}"}}')),
  body(
    'an argument inside a text',
    rpc('tools/call', '{"name":"echo","arguments":{"message":"use {{stray}}, please"}}'),
  ),
  body('an argument’s name', rpc('tools/call', '{"name":"echo","arguments":{"message":"x","{{stray}}":1}}')),
  body(
    'an argument of a denied tool',
    rpc('tools/call', '{"name":"get-env","arguments":{"token":"{{stray}}"}}'),
  ),
  body(
    'an argument that the server refuses',
    rpc('tools/call', '{"name":"get-sum","arguments":{"a":"{{stray}}","b":1}}'),
  ),
  body(
    'an argument that the server refuses by name',
    rpc(
      'prompts/get',
      '{"name":"resource-prompt","arguments":{"resourceType":"{{stray}}","resourceId":"1"}}',
    ),
  ),
  body(
    'metadata',
    rpc(
      'tools/call',
      '{"name":"echo","arguments":{"message":"x"},"_meta":{"traceparent":"{{stray}}","{{stray}}":"{{stray}}"}}',
    ),
  ),
  body(
    'a progress token',
    rpc('tools/call', '{"name":"echo","arguments":{"message":"x"},"_meta":{"progressToken":"{{stray}}"}}'),
  ),
  body('a prompt', rpc('prompts/get', '{"name":"{{stray}}"}')),
  body('a resource', rpc('resources/read', '{"uri":"demo://{{stray}}"}')),
  body(
    'a resource’s query',
    rpc('resources/read', '{"uri":"demo://resource/dynamic/text/1?token={{stray}}"}'),
  ),
  body('a subscription', rpc('resources/subscribe', '{"uri":"demo://{{stray}}"}')),
  body(
    'a completion',
    rpc(
      'completion/complete',
      '{"ref":{"type":"ref/prompt","name":"{{stray}}"},"argument":{"name":"{{stray}}","value":"{{stray}}"}}',
    ),
  ),
  body('a log level', rpc('logging/setLevel', '{"level":"{{stray}}"}')),
  body('a cursor', rpc('tools/list', '{"cursor":"{{stray}}"}')),
];
