import { expect, it } from 'vitest';
import { readJson } from '@smcp/protocol';
import { unknownParams } from '../../src/gate/known-params.ts';

const LIMITS = { maxLength: 1e6, maxDepth: 64, maxNodes: 1e5 };

it.each([
  ['tools/call', { name: 'echo', arguments: {}, _meta: {} }, []],
  [
    'tools/call',
    { name: 'echo', Name: 'delete', NAME: 'x', ['argument\u017F']: {}, task: {} },
    ['Name', 'NAME', 'argument\u017F', 'task'],
  ],
  ['prompts/get', { name: 'p', arguments: {}, uri: 'x' }, ['uri']],
  ['resources/read', { uri: 'x', Uri: 'y' }, ['Uri']],
  ['completion/complete', { ref: {}, argument: {}, context: {}, Ref: {} }, ['Ref']],
  ['tools/call', { name: 'echo', inputResponses: {}, requestState: 'x' }, ['inputResponses', 'requestState']],
  ['tasks/get', { taskId: 't', inputResponses: {}, TaskId: 'u', _meta: {} }, ['inputResponses', 'TaskId']],
  ['tasks/update', { taskId: 't', inputResponses: {}, name: 'x' }, ['name']],
  ['tasks/cancel', { taskId: 't', name: 'x' }, ['name']],
  ['made/up', { name: 'x' }, ['name']],
])('unknownParams() of %s with %j', (method, params, expected) => {
  const document = readJson(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), LIMITS);
  expect(unknownParams(document, method)).toEqual(expected);
});
