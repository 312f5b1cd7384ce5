import { META, RPC_ERRORS } from '@smcp/protocol';
import { expect } from 'vitest';
import type { BadRequest, Refusal, RequestParts } from './bad-request.ts';
import { described, ENVELOPE, TASKS } from './modern-request.ts';
import { invalidParams } from './refusals.ts';

const ECHO = { name: 'echo', arguments: { message: 'x' } };

function mismatch(message: string): Refusal {
  return { status: 400, rpcCode: RPC_ERRORS.headerMismatch, message, id: 1 };
}

const OF_CALL: unknown = { call: expect.stringMatching(/^call-/) };

/** Requests that describe themselves as they should, and ask for what nobody may have. */
export const badModern: readonly BadRequest[] = [
  {
    name: 'server/discover that says nothing of itself',
    request: described('server/discover', {}, { meta: null, headers: { 'mcp-protocol-version': null } }),
    expect: {
      status: 400,
      rpcCode: RPC_ERRORS.invalidParams,
      id: 1,
      message: 'Parameter "_meta" is missing',
      data: { missing: ['_meta'] },
    },
  },
  ...paramHeaders(),
  ...methods(),
  ...listens(),
  ...comebacks(),
  ...tasks(),
];

function paramHeaders(): readonly BadRequest[] {
  const entry = (name: string, about: NonNullable<RequestParts['headers']>, message: string): BadRequest => ({
    name: `modern: ${name}`,
    threat: 'A75',
    request: described(
      'tools/call',
      { name: 'in_region', arguments: { region: 'eu', count: 42 } },
      { path: '/mcp/team', headers: { 'mcp-param-region': 'eu', 'mcp-param-count': '42', ...about } },
    ),
    expect: { ...mismatch(message), data: OF_CALL },
  });
  return [
    entry('no header for an argument', { 'mcp-param-region': null }, 'Header Mcp-Param-Region is missing'),
    entry(
      'another region in the header',
      { 'mcp-param-region': 'us' },
      'Header Mcp-Param-Region differs from the argument',
    ),
    entry(
      'two regions in the header',
      { 'mcp-param-region': ['eu', 'us'] },
      'Header Mcp-Param-Region cannot be decoded',
    ),
    entry(
      'a region that cannot be decoded',
      { 'mcp-param-region': '=?base64?ZXU?=' },
      'Header Mcp-Param-Region cannot be decoded',
    ),
    entry('another number', { 'mcp-param-count': '43' }, 'Header Mcp-Param-Count differs from the argument'),
    entry(
      'a number in another writing',
      { 'mcp-param-count': '0x2a' },
      'Header Mcp-Param-Count differs from the argument',
    ),
  ];
}

function methods(): readonly BadRequest[] {
  return [
    'initialize',
    'ping',
    'logging/setLevel',
    'resources/subscribe',
    'resources/unsubscribe',
    'tasks/list',
    'tasks/result',
    'subscriptions/LISTEN',
    'constructor',
    '__proto__',
  ].map((method): BadRequest => ({
    name: `modern: method ${method}`,
    threat: 'A82',
    request: described(method),
    expect: {
      status: 404,
      rpcCode: RPC_ERRORS.methodNotFound,
      id: 1,
      message: `Method not found: ${method}`,
    },
  }));
}

function listens(): readonly BadRequest[] {
  const uris =
    'Parameter "notifications.resourceSubscriptions" must be a list of at most 100 non-empty strings of at most 8192 characters';
  const entries: readonly (readonly [
    name: string,
    params: Readonly<Record<string, unknown>>,
    message: string,
  ])[] = [
    ['no filter', {}, 'Parameter "notifications" must be an object'],
    ['a filter that is a list', { notifications: [] }, 'Parameter "notifications" must be an object'],
    [
      'a wish that is a text',
      { notifications: { toolsListChanged: 'true' } },
      'Parameter "notifications.toolsListChanged" must be true or false',
    ],
    ['resources that are a text', { notifications: { resourceSubscriptions: 'x://1' } }, uris],
    ['a resource that is an object', { notifications: { resourceSubscriptions: [{}] } }, uris],
    ['a resource of 8193 characters', { notifications: { resourceSubscriptions: ['x'.repeat(8193)] } }, uris],
    [
      '101 resources',
      { notifications: { resourceSubscriptions: Array.from({ length: 101 }, (_, n) => `x://${n}`) } },
      uris,
    ],
    [
      '101 tasks',
      { notifications: { taskIds: Array.from({ length: 101 }, (_, n) => `t${n}`) } },
      'Parameter "notifications.taskIds" must be a list of at most 100 task ids',
    ],
  ];
  return entries.map(([name, params, message]): BadRequest => ({
    name: `modern: listening with ${name}`,
    threat: 'A81',
    request: described('subscriptions/listen', params),
    expect: invalidParams(message),
  }));
}

function comebacks(): readonly BadRequest[] {
  const state = 'Parameter "requestState" must be a string of at most 262144 characters';
  const responses =
    'Parameter "inputResponses" must be an object of at most 64 objects under ids of at most 256 characters';
  const malformed: readonly (readonly [
    name: string,
    params: Readonly<Record<string, unknown>>,
    message: string,
  ])[] = [
    ['a state that is a number', { requestState: 7 }, state],
    ['a state of null', { requestState: null }, state],
    ['answers in a list', { inputResponses: [{}] }, responses],
    ['an answer that is a text', { inputResponses: { a: 'yes' } }, responses],
    [
      '65 answers',
      { inputResponses: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, {}])) },
      responses,
    ],
  ];
  const forged = ['', 'x', 'AQ', 'A'.repeat(2000), Buffer.from('{"kind":"parked"}').toString('base64url')];
  return [
    ...malformed.map(([name, params, message]): BadRequest => ({
      name: `modern: coming back with ${name}`,
      threat: 'A82',
      request: described('tools/call', { ...ECHO, ...params }),
      expect: invalidParams(message),
    })),
    ...forged.map((requestState): BadRequest => ({
      name: `modern: coming back with the forged state ${JSON.stringify(requestState.slice(0, 30))}`,
      threat: 'A53',
      request: described('tools/call', {
        ...ECHO,
        requestState,
        inputResponses: { q1: { action: 'accept' } },
      }),
      expect: {
        ...invalidParams('The requestState is not valid for this request'),
        data: OF_CALL,
        warned: 'a state that a client came back with was refused',
      },
    })),
  ];
}

function tasks(): readonly BadRequest[] {
  const meta = { ...ENVELOPE, [META.clientCapabilities]: TASKS };
  return ['tasks/get', 'tasks/cancel', 'tasks/update'].flatMap((method): BadRequest[] => [
    {
      name: `modern: ${method} of a task that nobody made`,
      threat: 'A53',
      request: described(method, { taskId: 'AQ-forged', inputResponses: {} }, { meta }),
      expect: invalidParams('Unknown task'),
    },
    {
      name: `modern: ${method} of a task that the header does not name`,
      threat: 'A75',
      request: described(method, { taskId: 'a', inputResponses: {} }, { meta, headers: { 'mcp-name': 'b' } }),
      expect: mismatch('Header Mcp-Name differs from the body'),
    },
  ]);
}
