import { describe, expect, it } from 'vitest';
import { RPC_ERRORS } from '@smcp/protocol';
import {
  methodHeaderFault,
  nameHeaderFault,
  versionHeaderFault,
} from '../../../../src/door/mcp/modern/header-agreement.ts';
import { fakeRequest } from '../../http/fake-request.ts';

function mismatch(message: string): object {
  return { status: 400, code: RPC_ERRORS.headerMismatch, message };
}

describe.each([
  ['MCP-Protocol-Version', '2026-07-28', '2025-11-25', versionHeaderFault],
  ['Mcp-Method', 'tools/call', 'TOOLS/CALL', methodHeaderFault],
])('%s', (header, right, wrong, faultOf) => {
  it('agrees when it is the same, whatever the case of its name', () => {
    expect(faultOf(fakeRequest([header, right]), right)).toBeUndefined();
    expect(faultOf(fakeRequest([header.toLowerCase(), right]), right)).toBeUndefined();
  });

  it('is missed when it did not come', () => {
    expect(faultOf(fakeRequest(), right)).toEqual(mismatch(`Header ${header} is missing`));
  });

  it.each([wrong, '', `${right},${right}`, `=?base64?${btoa(right)}?=`])('does not agree as %j', (value) => {
    expect(faultOf(fakeRequest([header, value]), right)).toEqual(
      mismatch(`Header ${header} differs from the body`),
    );
  });

  it('agrees with nothing when it came twice, even with the same value (A75)', () => {
    expect(faultOf(fakeRequest([header, right], [header, right]), right)).toEqual(
      mismatch(`Header ${header} came more than once`),
    );
  });
});

describe('nameHeaderFault()', () => {
  it.each([
    ['tools/call', { name: 'echo' }, 'echo'],
    ['prompts/get', { name: 'p' }, 'p'],
    ['resources/read', { uri: 'x://1' }, 'x://1'],
    ['tasks/get', { taskId: 't' }, 't'],
    ['tasks/update', { taskId: 't' }, 't'],
    ['tasks/cancel', { taskId: 't' }, 't'],
    ['tools/call', { name: 'grüße' }, '=?base64?Z3LDvMOfZQ==?='],
    ['tools/call', { name: '=?base64?x?=' }, '=?base64?PT9iYXNlNjQ/eD89?='],
    ['tools/call', { name: '=?base64?x' }, '=?base64?x'],
  ])('agrees for %s of %j', (method, params, value) => {
    expect(nameHeaderFault(fakeRequest(['Mcp-Name', value]), method, params)).toBeUndefined();
  });

  it.each([
    ['missing', [], 'Header Mcp-Name is missing'],
    ['another name', ['other'], 'Header Mcp-Name differs from the body'],
    ['another case', ['ECHO'], 'Header Mcp-Name differs from the body'],
    ['twice', ['echo', 'echo'], 'Header Mcp-Name came more than once'],
    ['base64 without its padding', ['=?base64?ZWNobw?='], 'Header Mcp-Name cannot be decoded'],
    ['base64 with foreign characters', ['=?base64?ZWN!bw==?='], 'Header Mcp-Name cannot be decoded'],
    ['base64 of no UTF-8', ['=?base64?/w==?='], 'Header Mcp-Name cannot be decoded'],
    ['another name in base64', [`=?base64?${btoa('other')}?=`], 'Header Mcp-Name differs from the body'],
  ])('refuses a name that is %s (A75)', (_what, values, message) => {
    const request = fakeRequest(...values.map((value) => ['Mcp-Name', value] as const));
    expect(nameHeaderFault(request, 'tools/call', { name: 'echo' })).toEqual(mismatch(message));
  });

  it('looks at the member of the method, not at another that could be taken for it', () => {
    const request = fakeRequest(['Mcp-Name', 'x://1']);
    expect(nameHeaderFault(request, 'resources/read', { uri: 'x://1', name: 'y' })).toBeUndefined();
    expect(nameHeaderFault(request, 'tools/call', { uri: 'x://1', name: 'y' })).toBeDefined();
  });

  it.each([
    ['tools/list', { name: 'echo' }],
    ['completion/complete', { ref: { name: 'p' } }],
    ['constructor', {}],
    ['tools/call', {}],
    ['tools/call', { name: 7 }],
  ])('wants none for %s of %j', (method, params) => {
    expect(nameHeaderFault(fakeRequest(), method, params)).toBeUndefined();
  });
});
