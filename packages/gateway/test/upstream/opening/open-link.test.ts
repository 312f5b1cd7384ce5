import { afterEach, describe, expect, it } from 'vitest';
import type { Dispatcher } from 'undici';
import type { Link } from '../../../src/upstream/link.ts';
import { createHttpPool } from '../../../src/upstream/http/http-exchange.ts';
import { EraMemory } from '../../../src/upstream/opening/era-memory.ts';
import { openLink } from '../../../src/upstream/opening/open-link.ts';
import type { HttpSpec } from '../../../src/upstream/upstream-spec.ts';
import {
  mcpHandle,
  sendEvent,
  sendStatus,
  startEvents,
  startHttpFixture,
  type Handle,
  type HttpFixture,
} from '../../fixtures/http-fixture.ts';
import { stdioSpec } from '../../fixtures/stdio-fixture.ts';
import { failure } from '../../fixtures/failure.ts';

const opened: AsyncDisposable[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) {
    await one[Symbol.asyncDispose]();
  }
});

async function stage(handle: Handle): Promise<{ fixture: HttpFixture; pool: Dispatcher }> {
  const fixture = await startHttpFixture(handle);
  const pool = createHttpPool();
  opened.push(fixture, { [Symbol.asyncDispose]: async () => await pool.destroy() });
  return { fixture, pool };
}

async function open(
  spec: Parameters<typeof openLink>[0],
  pool: Dispatcher,
  signal?: AbortSignal,
): Promise<Link> {
  const link = await openLink(spec, {
    clientInfo: { name: 'smcp', version: '1' },
    pool,
    signal,
    eras: new EraMemory(() => performance.now()),
    events: { notification: () => undefined, warning: () => undefined, close: () => undefined },
  });
  opened.push(link);
  return link;
}

function httpSpec(url: URL, transport: HttpSpec['transport']): HttpSpec {
  return {
    kind: 'http',
    server: 'web',
    era: 'handshake',
    mayAsk: [],
    url,
    transport,
    headers: { authorization: 'Bearer x' },
    startTimeoutMs: 5000,
    maxResultBytes: 100_000,
    idleMs: 1000,
  };
}

/** An older server that answers a POST to its stream address with `status`. */
function olderHandle(status: number): Handle {
  let stream: Parameters<Handle>[1] | undefined;
  return ({ method, path, message }, response) => {
    if (method === 'GET') {
      stream = startEvents(response);
      sendEvent(stream, '/messages', { event: 'endpoint' });
    } else if (path !== '/messages' || stream === undefined) {
      sendStatus(response, status);
    } else {
      sendStatus(response, 202);
      if (message.method === 'initialize') {
        sendEvent(stream, {
          jsonrpc: '2.0',
          id: message.id,
          result: { protocolVersion: '2024-11-05', capabilities: {}, serverInfo: { name: 'older' } },
        });
      }
    }
  };
}

const requests = ({ received }: HttpFixture): string[] =>
  received.map(({ method, path }) => `${method} ${path}`);

describe('openLink()', () => {
  it.each([400, 404, 405, 406, 415])(
    'takes status %i of the first POST for an older server when the transport is `auto` [S1-30]',
    async (status) => {
      const { fixture, pool } = await stage(olderHandle(status));
      const link = await open(httpSpec(fixture.url, 'auto'), pool);
      expect(link.description.serverInfo).toEqual({ name: 'older' });
      expect(requests(fixture)).toEqual(['POST /mcp', 'GET /mcp', 'POST /messages', 'POST /messages']);
    },
  );

  it.each([401, 403, 409, 429, 500, 503])('does not take status %i for an older server', async (status) => {
    const { fixture, pool } = await stage(olderHandle(status));
    const error = await failure(open(httpSpec(fixture.url, 'auto'), pool));
    expect(error.status).toBe(status);
    expect(requests(fixture)).toEqual(['POST /mcp']);
  });

  it('speaks only streamable HTTP when told so', async () => {
    const { fixture, pool } = await stage(olderHandle(405));
    expect((await failure(open(httpSpec(fixture.url, 'http'), pool))).status).toBe(405);
    expect(requests(fixture)).toEqual(['POST /mcp']);
  });

  it('speaks only HTTP+SSE when told so', async () => {
    const { fixture, pool } = await stage(olderHandle(500));
    await open(httpSpec(fixture.url, 'sse'), pool);
    expect(requests(fixture)).toEqual(['GET /mcp', 'POST /messages', 'POST /messages']);
  });

  it('does not ask for the older transport when the newer one works', async () => {
    const { fixture, pool } = await stage(mcpHandle());
    const link = await open(httpSpec(fixture.url, 'auto'), pool);
    expect(link.description.serverInfo).toMatchObject({ name: 'http-fixture' });
    expect(requests(fixture).slice(0, 2)).toEqual(['POST /mcp', 'POST /mcp']);
  });

  it('tells the first answer of a server that speaks neither', async () => {
    const { fixture, pool } = await stage(({ method }, response) =>
      sendStatus(response, method === 'POST' ? 404 : 500),
    );
    expect((await failure(open(httpSpec(fixture.url, 'auto'), pool))).status).toBe(404);
  });

  it('ends everything it had opened when the handshake fails', async () => {
    const { fixture, pool } = await stage(({ method, message }, response) => {
      if (method === 'GET') {
        sendEvent(startEvents(response), '/messages', { event: 'endpoint' });
      } else {
        sendStatus(response, message?.method === 'initialize' ? 500 : 202);
      }
    });
    expect((await failure(open(httpSpec(fixture.url, 'sse'), pool))).code).toBe('UPSTREAM_LOST');
    await (
      await fixture.next(({ method }) => method === 'GET')
    ).closed;
  });

  it('ends when its signal is aborted, and with it what it had opened', async () => {
    const { fixture, pool } = await stage((_received, response) => void startEvents(response));
    const controller = new AbortController();
    const opening = failure(open(httpSpec(fixture.url, 'sse'), pool, controller.signal));
    const { closed } = await fixture.next(({ method }) => method === 'GET');
    controller.abort();
    expect((await opening).code).toBe('UPSTREAM_CANCELLED');
    await closed;
  });

  it('keeps what a process printed apart from the message, which callers may read [S1-13]', async () => {
    const { pool } = await stage(() => undefined);
    const error = await failure(open(stdioSpec(['--exit=2']), pool));
    expect(error.message).toBe('Server "files" ended with exit code 2');
    expect(error.diagnosis).toBe('cannot start: secret-of-the-environment\n');
  });
});
