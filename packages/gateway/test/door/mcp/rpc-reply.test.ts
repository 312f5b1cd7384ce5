import { describe, expect, it } from 'vitest';
import { RPC_ERRORS, type RpcResponse } from '@smcp/protocol';
import { gateReplyText } from '../../../src/door/mcp/rpc-reply.ts';
import type { GateRefusalCode, GateReply } from '../../../src/gate/index.ts';

const TOOL = { id: 'mine', kind: 'tool', name: 'files_open' } as const;
const RESOURCE = { id: 1, kind: 'resource', name: 'x://1' } as const;

function refusal(code: GateRefusalCode, more: object = {}): GateReply {
  return { ok: false, code, message: 'the gate’s own words', call: 'call-1', ...more };
}

function answer(text: string): GateReply {
  return { ok: true, text, message: JSON.parse(text) as RpcResponse };
}

describe('gateReplyText() of an answer', () => {
  it.each([
    '{"jsonrpc":"2.0","id":7,"result":{"n":1.0,"big":12345678901234567890}}',
    '{"jsonrpc":"2.0","result":{"n":1.0,"big":12345678901234567890},"id":7}',
    '{"result":{"n":1.0,"big":12345678901234567890},"id":7,"jsonrpc":"2.0"}',
  ])('changes nothing but the id of %s', (text) => {
    expect(gateReplyText(TOOL, answer(text), false)).toBe(text.replace('"id":7', '"id":"mine"'));
  });

  it('is one answer with the caller’s id, when the server wrote two', () => {
    const text = gateReplyText(TOOL, answer('{"jsonrpc":"2.0","id":6,"result":{},"id":7}'), false);
    expect(JSON.parse(text)).toEqual({ jsonrpc: '2.0', id: 'mine', result: {} });
    expect(text.split('"id"')).toHaveLength(2);
  });
});

describe('gateReplyText() of a refusal', () => {
  it.each([
    ['RATE_LIMITED', RPC_ERRORS.rateLimited],
    ['CREDENTIAL_MISSING', RPC_ERRORS.unauthenticated],
    ['AUDIT_UNAVAILABLE', RPC_ERRORS.internal],
    ['UNAVAILABLE', RPC_ERRORS.upstreamUnavailable],
    ['TIMEOUT', RPC_ERRORS.upstreamTimeout],
    ['OUTCOME_UNKNOWN', RPC_ERRORS.outcomeUnknown],
    ['CANCELLED', RPC_ERRORS.outcomeUnknown],
    ['RESULT_TOO_LARGE', RPC_ERRORS.resultTooLarge],
  ] as const)('%s is the error %i, with the id of the call', (code, error) => {
    expect(JSON.parse(gateReplyText(TOOL, refusal(code), false))).toEqual({
      jsonrpc: '2.0',
      id: 'mine',
      error: { code: error, message: 'the gate’s own words', data: { call: 'call-1' } },
    });
  });

  it('says in whole seconds when to come back', () => {
    const text = gateReplyText(TOOL, refusal('RATE_LIMITED', { retryAfterMs: 1001 }), false);
    expect(JSON.parse(text)).toMatchObject({ error: { data: { retryAfterSeconds: 2 } } });
  });

  it.each([TOOL, RESOURCE, { id: 2, kind: 'prompt', name: 'p' } as const])(
    'answers what is denied exactly like what does not exist: $kind',
    (asked) => {
      const decision = { effect: 'deny', rule: 'roles.x.deny[0]', source: null, reasons: ['secret'] };
      const denied = gateReplyText(asked, refusal('DENIED', { decision }), false);
      expect(denied).toBe(gateReplyText(asked, refusal('UNKNOWN'), false));
      expect(denied).not.toMatch(/secret|roles|call-1|own words/);
    },
  );

  it('shows the rule when the operator wants that', () => {
    const decision = { effect: 'deny', rule: 'roles.x.deny[0]', source: null, reasons: ['because', 'so'] };
    expect(JSON.parse(gateReplyText(TOOL, refusal('DENIED', { decision }), true))).toMatchObject({
      error: {
        code: RPC_ERRORS.denied,
        message: 'Denied by policy: because; so',
        data: { call: 'call-1', rule: 'roles.x.deny[0]' },
      },
    });
  });

  it('repeats a name cut and on one line', () => {
    const name = `a\n${'x'.repeat(500)}`;
    const { error } = JSON.parse(gateReplyText({ ...TOOL, name }, refusal('UNKNOWN'), false)) as {
      error: { message: string };
    };
    expect(error.message).toBe(`Unknown tool: a\\n${'x'.repeat(126)}`);
  });
});
