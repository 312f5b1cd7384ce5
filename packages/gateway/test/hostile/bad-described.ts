import { META, RPC_ERRORS } from '@smcp/protocol';
import type { BadRequest } from './bad-request.ts';
import { described, ENVELOPE, MODERN_VERSION, TASKS } from './modern-request.ts';
import { invalidParams } from './refusals.ts';

const WITH_TASKS = { ...ENVELOPE, [META.clientCapabilities]: TASKS };
const TASK_METHODS = ['tasks/get', 'tasks/update', 'tasks/cancel'];
const DENIED_URI = 'demo://resource/dynamic/blob/1';

function tasks(name: string, taskId: unknown, message: string): readonly BadRequest[] {
  return TASK_METHODS.map((method) => ({
    name: `modern: ${method} of ${name}`,
    threat: 'A51',
    request: described(method, { taskId, inputResponses: {} }, { meta: WITH_TASKS }),
    expect: invalidParams(message),
  }));
}

/** Requests that describe themselves and try the ways that sessions close: what is denied, what is nobody's, what was never asked. */
export const badDescribed: readonly BadRequest[] = [
  {
    name: 'an answer outside of any session',
    threat: 'A80',
    request: { headers: { 'mcp-session-id': null }, body: '{"jsonrpc":"2.0","id":1,"result":{}}' },
    expect: {
      status: 400,
      rpcCode: RPC_ERRORS.unsupportedVersion,
      message: 'Header Mcp-Session-Id is missing: send initialize first, or describe the request in _meta',
      data: {
        supported: [MODERN_VERSION, '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'],
      },
    },
  },
  {
    name: 'modern: a denied tool',
    threat: 'A37',
    request: described('tools/call', { name: 'get-env', arguments: {} }),
    expect: invalidParams('Unknown tool: get-env'),
  },
  {
    name: 'modern: a denied tool, in a session where it is denied too',
    threat: 'A37',
    request: described(
      'tools/call',
      { name: 'get-env', arguments: {} },
      { headers: { 'mcp-session-id': '{{session}}' } },
    ),
    expect: invalidParams('Unknown tool: get-env'),
  },
  {
    name: 'modern: a denied resource',
    threat: 'A37',
    request: described('resources/read', { uri: DENIED_URI }),
    expect: { ...invalidParams(`Resource not found: ${DENIED_URI}`), data: { uri: DENIED_URI } },
  },
  {
    name: 'modern: a tool of a server that the role may not reach',
    threat: 'A37',
    request: described(
      'tools/call',
      { name: 'read_channel', arguments: {} },
      { path: '/mcp/team', headers: { authorization: 'Bearer {{bob}}' } },
    ),
    expect: { status: 404, rpcCode: RPC_ERRORS.invalidRequest, message: 'Unknown endpoint' },
  },
  ...TASK_METHODS.map((method): BadRequest => ({
    name: `modern: ${method} of a client that knows no tasks`,
    threat: 'A82',
    request: described(method, { taskId: 'x', inputResponses: {} }),
    expect: {
      status: 400,
      rpcCode: RPC_ERRORS.missingClientCapability,
      id: 1,
      message: 'The client did not declare the extension io.modelcontextprotocol/tasks',
      data: { requiredCapabilities: TASKS },
    },
  })),
  ...[
    ['no task', undefined],
    ['a task of no name', ''],
    ['a task that is a number', 1],
    ['a task of 8193 characters', 'x'.repeat(8193)],
  ].flatMap(([name, taskId]) =>
    tasks(String(name), taskId, 'Parameter "taskId" must be a string of 1 to 8192 characters'),
  ),
  ...tasks('a sealed task that was made up', Buffer.alloc(96, 1).toString('base64url'), 'Unknown task'),
  ...tasks('a task of a longer name than there is', 'A'.repeat(8192), 'Unknown task'),
  {
    name: 'modern: listening without taking streams',
    threat: 'A81',
    request: described(
      'subscriptions/listen',
      { notifications: { toolsListChanged: true } },
      { headers: { accept: 'application/json' } },
    ),
    expect: {
      status: 406,
      rpcCode: RPC_ERRORS.invalidRequest,
      id: 1,
      message: 'Accept must name text/event-stream',
    },
  },
];
