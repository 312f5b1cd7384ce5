import { expect, it } from 'vitest';
import { RPC_ERRORS } from '@smcp/protocol';

it('RPC_ERRORS has the codes of the standard', () => {
  expect(RPC_ERRORS).toMatchObject({
    parse: -32700,
    invalidRequest: -32600,
    methodNotFound: -32601,
    invalidParams: -32602,
    internal: -32603,
  });
});

it('RPC_ERRORS keeps its own codes outside the reserved range, and all of them apart', () => {
  const codes = Object.values(RPC_ERRORS);
  const standard = new Set<number>([-32700, -32600, -32601, -32602, -32603, -32020, -32021, -32022]);
  const ours = codes.filter((code) => !standard.has(code));
  expect(ours.filter((code) => code >= -32768 && code <= -32000)).toEqual([]);
  expect(new Set(codes).size).toBe(codes.length);
});

it('RPC_ERRORS does not change its own codes', () => {
  expect(RPC_ERRORS).toMatchObject({
    unauthenticated: 40101,
    denied: 40301,
    sessionUnknown: 40401,
    rateLimited: 42901,
    upstreamUnavailable: 50201,
    resultTooLarge: 50202,
    outcomeUnknown: 50203,
    upstreamTimeout: 50401,
  });
});
