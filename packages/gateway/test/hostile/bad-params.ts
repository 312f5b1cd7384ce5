import { rpc, type BadRequest, type RequestParts } from './bad-request.ts';
import { answered, invalidParams } from './refusals.ts';

const ARGUMENTS = 'Parameter "arguments" must be an object';
const NAME = 'Parameter "name" must be a non-empty string';
const URI = 'Parameter "uri" must be a non-empty string';
const REF = 'Parameter "ref" must name a prompt or a resource';
const LEVEL =
  'Parameter "level" must be one of debug, info, notice, warning, error, critical, alert, emergency';

const AT_ALL: RequestParts = { path: '/mcp', headers: { 'mcp-session-id': '{{session-all}}' } };

/** Names that look like a known one, and names meant for another reader. None is registered, so none exists. */
const STRANGE_NAMES = [
  'nobody',
  'Echo',
  'ECHO',
  ' echo',
  'echo ',
  'echo\n',
  'echo\u0000',
  'echo\t',
  '\u200becho',
  'e\u0301cho',
  '\uff45\uff43\uff48\uff4f',
  '\u0435cho',
  'ec%68o',
  'echo%00',
  'echo/',
  '../echo',
  'everything:echo',
  'everything/echo',
  'everything_echo',
  'echo?x=1',
  'echo;get-env',
  'constructor',
  '__proto__',
  'toString',
  '*',
  'ech*',
  '${ALICE}',
  '<script>alert(1)</script>',
  'x'.repeat(1024),
] as const;

/** Exists at the server, and the role may not use it: told apart from a strange name by nothing. */
const DENIED_NAME = 'get-env';

function call(name: unknown, args = '{}'): string {
  return rpc('tools/call', `{"name":${JSON.stringify(name)},"arguments":${args}}`);
}

/** A name as a message shows it. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, 128)).slice(1, -1);
}

function named(what: string, name: string): string {
  return `${what} ${JSON.stringify(name.slice(0, 30))}${name.length > 30 ? ` of ${name.length} characters` : ''}`;
}

function calls(
  entries: readonly (readonly [name: string, params: string, message: string])[],
): readonly BadRequest[] {
  return entries.map(([name, params, message]) => ({
    name,
    threat: 'A76',
    request: { body: rpc('tools/call', params) },
    expect: invalidParams(message),
  }));
}

/** Messages of the right shape that ask for what is not there, or not for this caller. */
export const badParams: readonly BadRequest[] = [
  ...[...STRANGE_NAMES, DENIED_NAME].map((name): BadRequest => ({
    name: named('tool', name),
    threat: name === DENIED_NAME ? 'A37' : 'A74',
    request: { body: call(name) },
    expect: invalidParams(`Unknown tool: ${shown(name)}`),
  })),
  ...[
    'everything_nobody',
    'everything_get-env',
    'echo',
    'get-env',
    'Everything_echo',
    'team_nobody',
    'own_list_issues',
    '_',
    'everything:echo',
  ].map((name): BadRequest => ({
    name: named('tool at all servers', name),
    threat: name === 'everything_get-env' ? 'A37' : 'A74',
    request: { ...AT_ALL, body: call(name) },
    expect: invalidParams(`Unknown tool: ${shown(name)}`),
  })),
  {
    name: 'a tool that another role has',
    threat: 'A37',
    request: {
      headers: { authorization: 'Bearer {{bob}}', 'mcp-session-id': '{{session-bob}}' },
      body: call('get-sum', '{"a":1,"b":2}'),
    },
    expect: invalidParams('Unknown tool: get-sum'),
  },
  ...calls([
    ['no tool', '{"arguments":{}}', NAME],
    ['a tool of no name', '{"name":""}', NAME],
    ['a tool that is a number', '{"name":1}', NAME],
    ['a tool that is a list', '{"name":["echo"]}', NAME],
    ['a tool that is null', '{"name":null}', NAME],
    ['arguments in a list', '{"name":"echo","arguments":[]}', ARGUMENTS],
    ['arguments of null', '{"name":"echo","arguments":null}', ARGUMENTS],
    ['arguments as text', '{"name":"echo","arguments":"{}"}', ARGUMENTS],
    ['arguments as a number', '{"name":"echo","arguments":0}', ARGUMENTS],
  ]),
  ...[1025, 10_000, 60_000].map((length): BadRequest => ({
    name: `a tool name of ${length} characters`,
    threat: 'A74',
    request: { body: call('x'.repeat(length)) },
    expect: invalidParams('The name of a tool has more than 1024 characters'),
  })),
  ...['nobody', 'args-prompt', 'Simple-prompt', 'simple-prompt ', '../simple-prompt'].map(
    (name): BadRequest => ({
      name: named('prompt', name),
      threat: name === 'args-prompt' ? 'A37' : 'A74',
      request: { body: rpc('prompts/get', JSON.stringify({ name })) },
      expect: invalidParams(`Unknown prompt: ${shown(name)}`),
    }),
  ),
  ...['everything_nobody', 'everything_args-prompt'].map((name): BadRequest => ({
    name: named('prompt at all servers', name),
    threat: 'A37',
    request: { ...AT_ALL, body: rpc('prompts/get', JSON.stringify({ name })) },
    expect: invalidParams(`Unknown prompt: ${shown(name)}`),
  })),
  { name: 'a prompt of no name', request: { body: rpc('prompts/get', '{}') }, expect: invalidParams(NAME) },
  {
    name: 'a prompt with arguments in a list',
    request: { body: rpc('prompts/get', '{"name":"simple-prompt","arguments":[]}') },
    expect: invalidParams(ARGUMENTS),
  },
  ...['resources/read', 'resources/subscribe', 'resources/unsubscribe'].flatMap((method): BadRequest[] => [
    {
      name: `${method} of nothing`,
      request: { body: rpc(method, '{}') },
      expect: invalidParams(URI),
    },
    {
      name: `${method} of a list`,
      request: { body: rpc(method, '{"uri":["demo://resource/dynamic/text/1"]}') },
      expect: invalidParams(URI),
    },
    {
      name: `${method} of what the role may not`,
      threat: 'A37',
      request: { body: rpc(method, '{"uri":"demo://resource/dynamic/blob/1"}') },
      expect: answered(-32002, 'Resource not found: demo://resource/dynamic/blob/1'),
    },
    {
      name: `${method} of an address of 8193 characters`,
      threat: 'A74',
      request: { body: rpc(method, JSON.stringify({ uri: `demo://${'x'.repeat(8186)}` })) },
      expect: invalidParams('The address of a resource has more than 8192 characters'),
    },
  ]),
  ...[
    'file:///etc/passwd',
    'http://169.254.169.254/',
    'demo:\n//x',
    'smcp://everything/x',
    'javascript:alert(1)',
  ].map((uri): BadRequest => ({
    name: `a resource at all servers ${JSON.stringify(uri)}`,
    threat: 'A74',
    request: { ...AT_ALL, body: rpc('resources/read', JSON.stringify({ uri })) },
    expect: answered(-32002, `Resource not found: ${shown(uri)}`),
  })),
  ...['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'].map(
    (method): BadRequest => ({
      name: `${method} from a cursor that nobody gave`,
      request: { body: rpc(method, '{"cursor":"2"}') },
      expect: invalidParams('Unknown cursor: lists are given whole'),
    }),
  ),
  ...[
    '{}',
    '{"ref":null}',
    '{"ref":[]}',
    '{"ref":{"type":"ref/tool","name":"echo"}}',
    '{"ref":{"type":"ref/prompt"}}',
    '{"ref":{"type":"ref/resource","uri":1}}',
  ].map((params): BadRequest => ({
    name: `completion with ${params}`,
    request: { body: rpc('completion/complete', params) },
    expect: invalidParams(REF),
  })),
  ...['everything_nobody', 'everything_args-prompt'].map((name): BadRequest => ({
    name: named('completion at all servers of prompt', name),
    threat: 'A37',
    request: {
      ...AT_ALL,
      body: rpc(
        'completion/complete',
        JSON.stringify({ ref: { type: 'ref/prompt', name }, argument: { name: 'city', value: '' } }),
      ),
    },
    expect: invalidParams(`Unknown prompt: ${name}`),
  })),
  ...[
    '{}',
    '{"level":"trace"}',
    '{"level":"DEBUG"}',
    '{"level":7}',
    '{"level":["debug"]}',
    '{"level":"constructor"}',
  ].map((params): BadRequest => ({
    name: `log level ${params}`,
    request: { body: rpc('logging/setLevel', params) },
    expect: invalidParams(LEVEL),
  })),
  ...['{}', '[1]', 'true', 'null', '1.5'].map((token): BadRequest => ({
    name: `progress token ${token}`,
    threat: 'A81',
    request: {
      body: rpc(
        'tools/call',
        `{"name":"echo","arguments":{"message":"x"},"_meta":{"progressToken":${token}}}`,
      ),
    },
    expect: invalidParams('Parameter "_meta.progressToken" must be a string or an integer'),
  })),
];
