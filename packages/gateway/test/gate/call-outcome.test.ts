import { describe, expect, it } from 'vitest';
import { failureOf, outcomeOf } from '../../src/gate/call-outcome.ts';
import { ConversationError } from '../../src/gate/conversation/conversation-error.ts';
import { UpstreamError, type UpstreamErrorCode } from '../../src/upstream/index.ts';

const redact = (text: string): string => text.replaceAll('hunter2', '[redacted]');

describe('outcomeOf()', () => {
  it('tells a result, a tool that failed, and a server that refused apart', () => {
    const text = '{}';
    expect(outcomeOf({ text, message: { jsonrpc: '2.0', id: 1, result: { content: [] } } }, redact)).toEqual({
      outcome: 'ok',
      resultBytes: 2,
    });
    expect(
      outcomeOf({ text, message: { jsonrpc: '2.0', id: 1, result: { isError: true } } }, redact).outcome,
    ).toBe('tool_error');
    const refused = {
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32602, message: `no hunter2 ${'x'.repeat(600)}` },
    } as const;
    const outcome = outcomeOf({ text, message: refused }, redact);
    expect(outcome.outcome).toBe('rpc_error');
    expect(outcome.error).toHaveLength(500);
    expect(outcome.error).toMatch(/^-32602 no \[redacted\] x+$/);
  });
});

describe('failureOf()', () => {
  it.each<[UpstreamErrorCode, string, string, boolean]>([
    ['UPSTREAM_UNAVAILABLE', 'UNAVAILABLE', 'not_sent', false],
    ['UPSTREAM_SESSION_LOST', 'UNAVAILABLE', 'not_sent', false],
    ['UPSTREAM_REFUSED', 'UNAVAILABLE', 'not_sent', false],
    ['UPSTREAM_LOST', 'OUTCOME_UNKNOWN', 'unknown', true],
    ['UPSTREAM_PROTOCOL', 'OUTCOME_UNKNOWN', 'unknown', true],
    ['UPSTREAM_TIMEOUT', 'TIMEOUT', 'timeout', false],
    ['UPSTREAM_CANCELLED', 'CANCELLED', 'cancelled', false],
    ['UPSTREAM_TOO_LARGE', 'RESULT_TOO_LARGE', 'ok', false],
  ])('%s is %s for the caller and %s for the record', (code, expected, outcome, warns) => {
    const failure = failureOf(new UpstreamError(code, 'it broke'), redact);
    expect(failure).toMatchObject({ code: expected, outcome: { outcome } });
    expect(failure.message.includes('may have run')).toBe(warns);
  });

  it('gives what a conversation ended with, and records it without secrets', () => {
    const error = new ConversationError('CAPABILITY_MISSING', 'needs hunter2', {
      required: { roots: {} },
      outcome: 'rpc_error',
    });
    expect(failureOf(error, redact)).toEqual({
      code: 'CAPABILITY_MISSING',
      message: 'needs hunter2',
      required: { roots: {} },
      outcome: { outcome: 'rpc_error', error: 'needs [redacted]' },
    });
    expect(failureOf(new ConversationError('RESULT_INVALID', 'odd'), redact)).toEqual({
      code: 'RESULT_INVALID',
      message: 'odd',
      outcome: { outcome: 'ok', error: 'odd' },
    });
  });

  it('takes an unforeseen error for a call that may have run, and tells the caller nothing of it', () => {
    const failure = failureOf(new TypeError('cannot read hunter2'), redact);
    expect(failure).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      outcome: { outcome: 'unknown', error: 'cannot read [redacted]' },
    });
    expect(failure.message).not.toContain('hunter2');
    expect(failureOf('text', redact).outcome).toEqual({ outcome: 'unknown', error: 'unknown failure' });
  });
});
