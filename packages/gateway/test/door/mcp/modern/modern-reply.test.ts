import { describe, expect, it } from 'vitest';
import { RPC_ERRORS, type RpcResponse } from '@smcp/protocol';
import { modernReply } from '../../../../src/door/mcp/modern/modern-reply.ts';
import { ResultWriter } from '../../../../src/door/mcp/modern/result-text.ts';
import type { GateRefusalCode, GateReply } from '../../../../src/gate/index.ts';

const TOOL = { id: 'mine', kind: 'tool', name: 'open' } as const;
const RESOURCE = { id: 'mine', kind: 'resource', name: 'x://1' } as const;
const OPTIONS = {
  showReasons: false,
  results: new ResultWriter({ name: 'smcp', version: '1' }),
  cacheable: false,
  stepUp: (scopes: readonly string[]) => `Bearer scope="${scopes.join(' ')}"`,
};

function refusal(code: GateRefusalCode, more: object = {}): GateReply {
  return { ok: false, code, message: 'the gate’s own words', call: 'call-1', ...more };
}

function error(code: number, message = 'm', data?: unknown): GateReply {
  const text = JSON.stringify({ jsonrpc: '2.0', id: 7, error: { code, message, data } });
  return { ok: true, text, message: JSON.parse(text) as RpcResponse };
}

describe('modernReply() of a refusal', () => {
  it.each([
    ['HEADER_MISMATCH', 400, RPC_ERRORS.headerMismatch],
    ['CAPABILITY_MISSING', 400, RPC_ERRORS.missingClientCapability],
    ['INSUFFICIENT_SCOPE', 403, RPC_ERRORS.insufficientScope],
    ['RATE_LIMITED', 429, RPC_ERRORS.rateLimited],
    ['STATE_INVALID', 200, RPC_ERRORS.invalidParams],
    ['APPROVAL_REQUIRED', 200, RPC_ERRORS.approvalRequired],
    ['NOT_APPROVED', 200, RPC_ERRORS.denied],
    ['CREDENTIAL_MISSING', 200, RPC_ERRORS.unauthenticated],
    ['UNAVAILABLE', 200, RPC_ERRORS.upstreamUnavailable],
    ['TIMEOUT', 200, RPC_ERRORS.upstreamTimeout],
    ['OUTCOME_UNKNOWN', 200, RPC_ERRORS.outcomeUnknown],
    ['RESULT_INVALID', 200, RPC_ERRORS.resultInvalid],
    ['RESULT_TOO_LARGE', 200, RPC_ERRORS.resultTooLarge],
    ['AUDIT_UNAVAILABLE', 200, RPC_ERRORS.internal],
  ] as const)('%s has the status %i and the code %i', (code, status, rpcCode) => {
    const answer = modernReply(TOOL, refusal(code), OPTIONS);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({
      id: 'mine',
      error: { code: rpcCode, message: 'the gate’s own words', data: { call: 'call-1' } },
    });
  });

  it('says which capabilities are missing', () => {
    const { text } = modernReply(
      TOOL,
      refusal('CAPABILITY_MISSING', { required: { sampling: {} } }),
      OPTIONS,
    );
    expect(JSON.parse(text)).toMatchObject({ error: { data: { requiredCapabilities: { sampling: {} } } } });
  });

  it('challenges a client whose token lacks a scope', () => {
    const { headers } = modernReply(TOOL, refusal('INSUFFICIENT_SCOPE', { scopes: ['a', 'b'] }), OPTIONS);
    expect(headers).toEqual({ 'www-authenticate': 'Bearer scope="a b"' });
  });

  it('says when to come back', () => {
    const { headers } = modernReply(TOOL, refusal('RATE_LIMITED', { retryAfterMs: 1001 }), OPTIONS);
    expect(headers).toEqual({ 'retry-after': '2' });
  });

  it.each([TOOL, RESOURCE, { ...TOOL, kind: 'prompt' } as const])(
    'answers what is denied exactly like what does not exist, never with -32002: $kind',
    (asked) => {
      const decision = { effect: 'deny', rule: 'roles.x.deny[0]', source: null, reasons: ['secret'] };
      const denied = modernReply(asked, refusal('DENIED', { decision }), OPTIONS);
      expect(denied).toEqual(modernReply(asked, refusal('UNKNOWN'), OPTIONS));
      expect(denied.status).toBe(200);
      expect(JSON.parse(denied.text)).toMatchObject({ error: { code: RPC_ERRORS.invalidParams } });
      expect(denied.text).not.toMatch(/secret|roles|call-1|own words/);
    },
  );
});

describe('modernReply() of an answer', () => {
  it('answers a missing resource as it answers one that is denied', () => {
    expect(modernReply(RESOURCE, error(-32002, 'gone', { uri: 'inner://1' }), OPTIONS).text).toBe(
      modernReply(RESOURCE, refusal('DENIED'), OPTIONS).text,
    );
    expect(JSON.parse(modernReply(RESOURCE, error(-32002), OPTIONS).text)).toMatchObject({
      error: { code: RPC_ERRORS.invalidParams, data: { uri: 'x://1' } },
    });
  });

  it.each([
    [-32002, RPC_ERRORS.invalidParams],
    [-32042, RPC_ERRORS.invalidRequest],
  ])('does not pass on the code %i of servers with a handshake', (from, to) => {
    const { text, status } = modernReply(TOOL, error(from, 'why', { a: 1 }), OPTIONS);
    expect(JSON.parse(text)).toEqual({
      jsonrpc: '2.0',
      id: 'mine',
      error: { code: to, message: 'why', data: { a: 1 } },
    });
    expect(status).toBe(200);
  });

  it.each([
    [-32601, 200],
    [-32602, 200],
    [-32603, 200],
    [7, 200],
    [-32021, 400],
  ])('passes on the error %i of a server, with the status %i', (code, expected) => {
    const { text, status } = modernReply(TOOL, error(code, 'why'), OPTIONS);
    expect(text).toBe(`{"jsonrpc":"2.0","id":"mine","error":{"code":${code},"message":"why"}}`);
    expect(status).toBe(expected);
  });
});
