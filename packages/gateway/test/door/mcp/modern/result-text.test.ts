import { describe, expect, it } from 'vitest';
import type { RpcResponse } from '@smcp/protocol';
import { ResultWriter } from '../../../../src/door/mcp/modern/result-text.ts';

const results = new ResultWriter({ name: 'smcp', version: '1' });
const OWN = '"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"smcp","version":"1"}}';
const OURS = { 'io.modelcontextprotocol/serverInfo': { name: 'smcp', version: '1' } };

function relayed(text: string, cacheable = false): string {
  const message = JSON.parse(text) as Extract<RpcResponse, { result: object }>;
  return results.relayed('mine', { text, message }, cacheable);
}

describe('ResultWriter#relayed()', () => {
  it('adds what a server with a handshake leaves out, and changes no other byte', () => {
    expect(relayed('{"jsonrpc":"2.0","id":7,"result":{"n":1.0,"big":12345678901234567890}}')).toBe(
      `{"jsonrpc":"2.0","id":"mine","result":{"resultType":"complete",${OWN},"n":1.0,"big":12345678901234567890}}`,
    );
  });

  it('says that a resource must not be kept when the server does not say', () => {
    expect(relayed('{"id":7,"result":{"contents":[]}}', true)).toBe(
      `{"id":"mine","result":{"resultType":"complete","ttlMs":0,"cacheScope":"private",${OWN},"contents":[]}}`,
    );
  });

  it('lets nobody keep for all what one caller was given (A53)', () => {
    const text =
      '{"id":7,"result":{"resultType":"complete","ttlMs":60000,"cacheScope":"public","n":1.50,"contents":[]}}';
    expect(relayed(text, true)).toBe(
      `{"id":"mine","result":{${OWN},"resultType":"complete","ttlMs":60000,"cacheScope":"private","n":1.50,"contents":[]}}`,
    );
  });

  it.each(['-1', '1.5', '"60"', 'null', '1e300'])('does not pass on %s as a duration', (ttlMs) => {
    const got = relayed(`{"id":7,"result":{"ttlMs":${ttlMs},"cacheScope":"private"}}`, true);
    expect(JSON.parse(got)).toMatchObject({ result: { ttlMs: 0, cacheScope: 'private' } });
  });

  it.each(['input_required', 'task'])('leaves a result of type %s without times', (resultType) => {
    const got = relayed(`{"id":7,"result":{"resultType":"${resultType}","requestState":"s"}}`, true);
    expect(JSON.parse(got)).toEqual({
      id: 'mine',
      result: { resultType, requestState: 's', _meta: OURS },
    });
  });

  it('says who we are in place of the server, and keeps what else the server says', () => {
    const meta = {
      'io.modelcontextprotocol/serverInfo': { name: 'upstream' },
      'io.modelcontextprotocol/subscriptionId': 7,
      'example.com/x': [1],
    };
    const got = relayed(JSON.stringify({ jsonrpc: '2.0', id: 7, result: { _meta: meta, a: 1 } }));
    expect(JSON.parse(got)).toEqual({
      jsonrpc: '2.0',
      id: 'mine',
      result: { resultType: 'complete', a: 1, _meta: { 'example.com/x': [1], ...OURS } },
    });
  });

  it('writes a result anew where it cannot be sure', () => {
    const text = '{"jsonrpc":"2.0","result":{"a":1},"id":7,"x":1}';
    expect(JSON.parse(relayed(text))).toEqual({
      jsonrpc: '2.0',
      id: 'mine',
      result: { a: 1, resultType: 'complete', _meta: OURS },
    });
  });
});

describe('ResultWriter#own()', () => {
  it('says who we are, unless somebody else is named', () => {
    expect(JSON.parse(results.own(1, { a: 1 }))).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: { resultType: 'complete', a: 1, _meta: OURS },
    });
    const meta = { 'io.modelcontextprotocol/serverInfo': { name: 'x' }, other: 1 };
    expect(JSON.parse(results.own(1, {}, meta))).toMatchObject({ result: { _meta: meta } });
  });
});
