import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { hasHeader, headerValues, singleHeader } from '../../../src/door/http/http-door.ts';
import { fakeRequest } from './fake-request.ts';

/** What `look` finds in a real request that came with these raw headers. */
async function received<T>(headers: readonly string[], look: (request: IncomingMessage) => T): Promise<T> {
  let found: { readonly value: T } | undefined;
  const server = createServer((request, response) => {
    found = { value: look(request) };
    response.end();
  });
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const asked = send({ port, headers: ['Host', 'x', 'Connection', 'close', ...headers] });
    asked.end();
    await once(asked, 'close');
  } finally {
    server.closeAllConnections();
    server.close();
  }
  if (found === undefined) throw new Error('Nothing was received');
  return found.value;
}

describe('singleHeader()', () => {
  it.each([
    ['once', ['X-Token', 'a'], 'a'],
    ['in another case', ['x-TOKEN', 'a'], 'a'],
    ['once, among others that came twice', ['X-Token', 'a', 'Accept', 'b', 'accept', 'c'], 'a'],
    ['with a comma', ['X-Token', 'a, b'], 'a, b'],
    ['empty', ['X-Token', ''], ''],
    ['not at all', [], undefined],
    ['twice', ['X-Token', 'a', 'X-Token', 'b'], undefined],
    ['twice with one value, in two cases', ['X-Token', 'a', 'x-token', 'a'], undefined],
  ])('of a header that came %s', async (_how, headers, value) => {
    expect(await received(headers, (request) => singleHeader(request, 'x-token'))).toBe(value);
  });

  it.each(['authorization', 'content-type', 'mcp-session-id', 'mcp-name'])(
    'is undefined for %s sent twice, of which Node would keep one (A75)',
    async (name) => {
      const headers = [name, 'a', name, 'b'];
      expect(await received(headers, (request) => singleHeader(request, name))).toBeUndefined();
      expect(await received(headers, (request) => hasHeader(request, name))).toBe(true);
    },
  );

  it.each(['__proto__', 'constructor', 'toString'])('knows no header %s that did not come', async (name) => {
    const found = await received(['X-A', 'b'], (request) => [
      singleHeader(request, name),
      hasHeader(request, name),
    ]);
    expect(found).toEqual([undefined, false]);
  });
});

describe('headerValues()', () => {
  it('has the values of a header that came more than once in a list', async () => {
    const values = await received(['X-A', 'b', 'x-a', 'c', 'X-B', 'd'], headerValues);
    expect(values).toMatchObject({ 'x-a': ['b', 'c'], 'x-b': 'd' });
  });

  it('is read once for a request', () => {
    const request = fakeRequest(['X-A', 'b'], ['x-a', 'c']);
    expect(headerValues(request)).toBe(headerValues(request));
  });
});
