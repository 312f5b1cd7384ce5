import { describe, expect, it } from 'vitest';
import { outgoingMeta, traceCarrier } from '../../src/gate/outgoing-meta.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('outgoingMeta()', () => {
  it('is empty when there is nothing to say', () => {
    expect(outgoingMeta(undefined, 7, {}, {})).toBe('');
    expect(outgoingMeta({}, 7, {}, {})).toBe('');
  });

  it('leaves out every key of the caller’s own hop', () => {
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
      'com.example/ticket': 'T-1',
    };
    expect(JSON.parse(outgoingMeta(meta, 7, {}, {}))).toEqual({ 'com.example/ticket': 'T-1' });
  });

  it('puts our own id in the place of the caller’s progress token', () => {
    expect(JSON.parse(outgoingMeta({ progressToken: 'mine' }, 7, {}, {}))).toEqual({ progressToken: 7 });
    expect(outgoingMeta({ other: 1 }, 7, {}, {})).toBe('{"other":1}');
  });

  it('passes on the trace context that it is given and none of the caller’s', () => {
    const meta = { traceparent: 'forged', tracestate: 'a=1', baggage: 'b=2' };
    expect(JSON.parse(outgoingMeta(meta, 7, { traceparent: TRACE }, {}))).toEqual({ traceparent: TRACE });
    expect(outgoingMeta(meta, 7, {}, {})).toBe('');
    expect(JSON.parse(outgoingMeta(undefined, 7, { traceparent: TRACE }, {}))).toEqual({
      traceparent: TRACE,
    });
  });
});

describe('outgoingMeta() for a hop that describes itself', () => {
  it('puts what we say of the hop in the place of what the caller said of its own', () => {
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', a: 1 };
    const hop = { 'io.modelcontextprotocol/protocolVersion': '2027-01-01' };
    expect(JSON.parse(outgoingMeta(meta, 7, {}, hop))).toEqual({ a: 1, ...hop });
    expect(JSON.parse(outgoingMeta(undefined, 7, {}, hop))).toEqual(hop);
  });
});

describe('traceCarrier()', () => {
  it('takes texts only', () => {
    const meta = { traceparent: TRACE, tracestate: 5, baggage: null };
    expect(traceCarrier(meta)).toEqual({ traceparent: TRACE });
    expect(traceCarrier(undefined)).toEqual({});
  });
});
