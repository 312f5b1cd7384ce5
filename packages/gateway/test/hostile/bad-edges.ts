import { gzipSync } from 'node:zlib';
import { PING, type BadRequest, type Refusal } from './bad-request.ts';
import { NO_CREDENTIAL, NOT_FOUND } from './refusals.ts';

const HOST_REFUSED: Refusal = {
  status: 403,
  message: 'Host not allowed: add it to allowed_hosts or set public_url',
  headers: { connection: 'close' },
};
const ORIGIN_REFUSED: Refusal = {
  status: 403,
  message: 'Origin not allowed: add it to allowed_origins',
  headers: { connection: 'close' },
};
const UNKNOWN_ENDPOINT: Refusal = { status: 404, rpcCode: -32600, message: 'Unknown endpoint' };
const NOT_ACCEPTABLE: Refusal = {
  status: 406,
  rpcCode: -32600,
  message: 'Accept must name application/json or text/event-stream',
};
const NOT_JSON: Refusal = {
  status: 415,
  rpcCode: -32600,
  message: 'The body must be application/json in UTF-8, without content encoding',
  headers: { connection: 'close' },
};
const WRONG_METHOD: Refusal = {
  status: 405,
  rpcCode: -32600,
  message: 'Method not allowed',
  headers: { allow: 'POST, GET, DELETE' },
};

function hosts(values: Readonly<Record<string, string | readonly string[]>>): readonly BadRequest[] {
  return Object.entries(values).map(([what, host]) => ({
    name: `Host: ${what}`,
    threat: 'A60',
    request: { headers: { host } },
    expect: HOST_REFUSED,
  }));
}

function origins(values: Readonly<Record<string, string | readonly string[]>>): readonly BadRequest[] {
  return Object.entries(values).map(([what, origin]) => ({
    name: `Origin: ${what}`,
    threat: 'A60',
    request: { headers: { origin } },
    expect: ORIGIN_REFUSED,
  }));
}

function paths(expect: Refusal, ...values: readonly string[]): readonly BadRequest[] {
  return values.map((path) => ({
    name: `path ${path.length > 60 ? `${path.slice(0, 20)}… of ${path.length} characters` : path}`,
    threat: 'A75',
    request: { path },
    expect,
  }));
}

function bodies(
  threat: 'A62' | 'A73',
  values: Readonly<Record<string, string | readonly string[] | null>>,
): readonly BadRequest[] {
  return Object.entries(values).map(([what, type]) => ({
    name: `Content-Type: ${what}`,
    threat,
    request: { headers: { 'content-type': type } },
    expect: NOT_JSON,
  }));
}

/** What is wrong at the edge: names, paths, methods, forms. */
export const badEdges: readonly BadRequest[] = [
  ...hosts({
    'a name that somebody pointed here': 'evil.example',
    'a look-alike in front of a known name': 'localhost.evil.example',
    'a look-alike behind a known name': 'evil-localhost',
    'a known name as user': 'localhost@evil.example',
    'a user in front of a known name': 'evil@localhost',
    'a known name as user, with port': 'localhost:80@evil.example',
    'another spelling of loopback': '0177.0.0.1',
    'loopback as one number': '2130706433',
    'a port that is none': 'localhost:evil',
    'two in one': 'localhost, evil.example',
    'twice the same': ['localhost', 'localhost'],
    'two different': ['localhost', 'evil.example'],
    nothing: '',
    'a path behind the name': 'localhost/evil',
  }),
  ...origins({
    'a foreign page': 'https://evil.example',
    'a page without origin': 'null',
    'a look-alike behind the allowed one': 'https://app.example.com.evil.example',
    'a look-alike in front of the allowed one': 'https://evilapp.example.com',
    'the allowed name without encryption': 'http://app.example.com',
    'the allowed name at another port': 'https://app.example.com:8443',
    'the gateway’s own loopback name': 'http://localhost:8080',
    'the allowed one twice': ['https://app.example.com', 'https://app.example.com'],
    'the allowed one with a path': 'https://app.example.com/page',
    nothing: '',
  }),
  {
    name: 'a preflight from a foreign page',
    threat: 'A60',
    request: {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    },
    expect: ORIGIN_REFUSED,
  },
  ...paths(
    NOT_FOUND,
    '/',
    '/mcp/',
    '//mcp',
    '/mcp//everything',
    '/MCP/everything',
    '/mcp/everything/',
    '/mcp/everything/x',
    '/mcp/../mcp/everything',
    '/mcp/./everything',
    '/mcp/..',
    '/mcp/%2e%2e/everything',
    '/mcp/everything%00',
    '/mcp/everything%2f',
    '/mcp/%65verything',
    '/mcp/everything;x=1',
    '/mcp/everything\\x',
    '/mcp/.everything',
    '/mcp/__proto__',
    '/mcp/everything#x',
    `/mcp/${'a'.repeat(65)}`,
    `/mcp/${'a/'.repeat(2000)}`,
    '/healthz/../mcp/everything',
    '*',
  ),
  ...paths(
    UNKNOWN_ENDPOINT,
    '/mcp/EVERYTHING',
    '/mcp/Everything',
    '/mcp/everything.',
    '/mcp/constructor',
    '/mcp/toString',
    '/mcp/hasOwnProperty',
    '/mcp/nobody',
  ),
  {
    name: 'a token in the query',
    threat: 'A39',
    proves: '[S1-38]',
    request: { path: '/mcp/everything?access_token={{alice}}', headers: { authorization: null } },
    expect: NO_CREDENTIAL,
  },
  {
    name: 'a token in a cookie',
    threat: 'A39',
    proves: '[S1-38]',
    request: { headers: { authorization: null, cookie: 'authorization=Bearer {{alice}}' } },
    expect: NO_CREDENTIAL,
  },
  {
    name: 'a token as user of a proxy',
    threat: 'A39',
    proves: '[S1-38]',
    request: { headers: { authorization: null, 'proxy-authorization': 'Bearer {{alice}}' } },
    expect: NO_CREDENTIAL,
  },
  {
    name: 'a principal said by a header',
    threat: 'A55',
    request: {
      headers: { authorization: null, 'x-forwarded-user': 'key:alice', 'x-smcp-principal': 'key:alice' },
    },
    expect: NO_CREDENTIAL,
  },
  {
    name: 'headers that only workers of the gateway send each other',
    threat: 'A55',
    request: {
      headers: { authorization: null, 'smcp-worker-token': 'x', 'smcp-worker-source': '127.0.0.1' },
    },
    expect: NO_CREDENTIAL,
  },
  ...['PUT', 'PATCH', 'TRACE', 'PROPFIND', 'OPTIONS'].map((method): BadRequest => ({
    name: `method ${method}`,
    request: { method },
    expect: WRONG_METHOD,
  })),
  { name: 'method HEAD', request: { method: 'HEAD' }, expect: { status: 405, message: '' } },
  {
    name: 'an upgrade to a web socket',
    request: {
      method: 'GET',
      headers: { connection: 'upgrade, close', upgrade: 'websocket', accept: 'application/json' },
      body: '',
    },
    expect: { ...NOT_ACCEPTABLE, message: 'Accept must name text/event-stream' },
  },
  {
    name: 'a stream wanted as JSON',
    request: { method: 'GET', headers: { accept: 'application/json' }, body: '' },
    expect: { ...NOT_ACCEPTABLE, message: 'Accept must name text/event-stream' },
  },
  {
    name: 'a POST to the health check',
    request: { path: '/healthz' },
    expect: { status: 405, message: 'Method not allowed', headers: { allow: 'GET, HEAD' } },
  },
  {
    name: 'metrics wanted through a proxy without a credential',
    request: {
      method: 'GET',
      path: '/metrics',
      headers: { authorization: null, 'x-forwarded-for': '127.0.0.1' },
      body: '',
    },
    expect: NO_CREDENTIAL,
  },
  ...[
    'text/plain',
    'application/jsonp',
    'nonsense',
    'application/json;q=0, text/event-stream;q=0.0',
    ',,;',
  ].map((accept): BadRequest => ({
    name: `Accept: ${accept}`,
    request: { headers: { accept } },
    expect: NOT_ACCEPTABLE,
  })),
  // What a browser sends for a foreign page without asking first.
  ...bodies('A62', {
    none: null,
    text: 'text/plain',
    'text that says it is JSON': 'text/plain; x=application/json',
    'a form': 'application/x-www-form-urlencoded',
    'a form of parts': 'multipart/form-data; boundary=x',
  }),
  ...bodies('A73', {
    nothing: '',
    'a relative of JSON': 'application/json-rpc',
    'a suffix of JSON': 'application/vnd.api+json',
    'UTF-16': 'application/json; charset=utf-16',
    'UTF-7': 'application/json;charset="UTF-7"',
    'two charsets': 'application/json; charset=utf-8; charset=utf-16',
    'two in one': 'application/json, text/plain',
    twice: ['application/json', 'text/plain'],
  }),
  {
    name: 'a compressed bomb',
    threat: 'A78',
    request: { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(8 * 1024 * 1024, ' ')) },
    expect: NOT_JSON,
  },
  {
    name: 'an encoding that says it is none',
    request: { headers: { 'content-encoding': 'identity' }, body: PING },
    expect: NOT_JSON,
  },
  {
    name: 'an expectation that nobody can meet',
    request: { headers: { expect: 'the unexpected' } },
    expect: { status: 417, message: '' },
  },
];
