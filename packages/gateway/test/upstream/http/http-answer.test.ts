import { describe, expect, it } from 'vitest';
import type { ServerResponse } from 'node:http';
import { Exchange } from '../../../src/upstream/exchange.ts';
import type { HttpAnswer } from '../../../src/upstream/http/http-answer.ts';
import { createHttpPool, exchange, toTarget } from '../../../src/upstream/http/http-exchange.ts';
import { failure } from '../../fixtures/failure.ts';
import {
  breakOff,
  pour,
  sendStatus,
  startHttpFixture,
  type Handle,
  type HttpFixture,
} from '../../fixtures/http-fixture.ts';
import { keep, type OnTestFinished } from '../../fixtures/keep.ts';

interface Stage {
  readonly fixture: HttpFixture;
  readonly until: Exchange;
  readonly get: () => Promise<HttpAnswer>;
}

async function stage(
  onTestFinished: OnTestFinished,
  answer: (response: ServerResponse) => void,
): Promise<Stage> {
  const handle: Handle = (_received, response) => answer(response);
  const fixture = keep(onTestFinished, await startHttpFixture(handle));
  const pool = createHttpPool();
  keep(onTestFinished, { [Symbol.asyncDispose]: async () => await pool.destroy() });
  const until = new Exchange({ id: 1, request: undefined, maxBytes: 1, dueAt: Infinity });
  const get: Stage['get'] = async () =>
    await exchange({ name: 'web', pool }, toTarget(fixture.url), { method: 'GET', headers: [], until });
  return { fixture, until, get };
}

describe.concurrent('exchange()', () => {
  it('gives status, headers and body', async ({ onTestFinished }) => {
    const { get } = await stage(onTestFinished, (response) =>
      sendStatus(response, 418, 'línea 💥', { 'content-type': 'Text/Event-Stream; x=1', 'x-own': 'a' }),
    );
    const answer = await get();
    expect([answer.status, answer.headers['x-own'], answer.mediaType]).toEqual([
      418,
      'a',
      'text/event-stream',
    ]);
    expect(answer.isEventStream).toBe(false);
    expect(await answer.readText(100)).toBe('línea 💥');
  });

  it('is not misled by what comes before the head', async ({ onTestFinished }) => {
    const { get } = await stage(onTestFinished, (response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      sendStatus(response, 200, 'ok');
    });
    const answer = await get();
    expect([answer.status, await answer.readText(10)]).toEqual([200, 'ok']);
  });

  it('asks for nothing that was given up before', async ({ onTestFinished }) => {
    const { fixture, until, get } = await stage(onTestFinished, (response) => sendStatus(response, 200));
    until.abort();
    expect((await failure(get())).code).toBe('UPSTREAM_CANCELLED');
    expect(fixture.received).toEqual([]);
  });

  it('ends when given up, before the head and in the middle of the body', async ({ onTestFinished }) => {
    const silent = await stage(onTestFinished, () => undefined);
    const waiting = failure(silent.get());
    const { closed } = await silent.fixture.next(() => true);
    silent.until.abort();
    expect((await waiting).code).toBe('UPSTREAM_CANCELLED');
    await closed;
    const slow = await stage(onTestFinished, (response) => {
      response.writeHead(200);
      response.write('half');
    });
    const reading = failure((await slow.get()).readText(100));
    slow.until.abort();
    expect((await reading).code).toBe('UPSTREAM_CANCELLED');
  });

  it('leaves nothing to be given up once it has ended', async ({ onTestFinished }) => {
    const { fixture, until, get } = await stage(onTestFinished, (response) =>
      sendStatus(response, 200, 'ok'),
    );
    const answer = await get();
    await answer.readText(10);
    until.abort();
    expect(await answer.readText(10)).toBe('ok');
    expect(fixture.sockets()).toBe(1);
  });
});

describe.concurrent('HttpAnswer#readText()', () => {
  it('of four bytes fits a limit of four, and not one of three, though it came with the head', async ({
    onTestFinished,
  }) => {
    const { get } = await stage(onTestFinished, (response) => sendStatus(response, 200, 'four'));
    expect(await (await get()).readText(4)).toBe('four');
    expect((await failure((await get()).readText(3))).code).toBe('UPSTREAM_TOO_LARGE');
  });

  it('joins what comes in pieces, also where a letter is cut in two', async ({ onTestFinished }) => {
    const bytes = Buffer.from('é'.repeat(10));
    const { get } = await stage(onTestFinished, (response) => {
      response.writeHead(200);
      const next = (at: number): void => {
        if (at === bytes.length) response.end();
        else response.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
      };
      next(0);
    });
    expect(await (await get()).readText(100)).toBe('é'.repeat(10));
  });

  it('fails when the body breaks off, also when it did so before anybody read it', async ({
    onTestFinished,
  }) => {
    const { fixture, get } = await stage(onTestFinished, (response) => {
      response.writeHead(200, { 'content-length': 100 });
      breakOff(response);
    });
    const late = await get();
    expect((await failure((await get()).readText(1000))).code).toBe('UPSTREAM_LOST');
    await Promise.all(fixture.received.map(async ({ closed }) => await closed));
    await new Promise((resolve) => setImmediate(resolve));
    expect((await failure(late.readText(1000))).code).toBe('UPSTREAM_LOST');
  });
});

describe.concurrent('HttpAnswer#discard()', () => {
  it('lets the connection be used again after a short body', async ({ onTestFinished }) => {
    const { fixture, get } = await stage(onTestFinished, (response) => sendStatus(response, 200, 'short'));
    for (let n = 0; n < 10; n += 1) await (await get()).discard();
    // The next request may come a moment before the connection of the last one counts as free.
    expect(fixture.sockets()).toBeLessThanOrEqual(2);
  });

  it.for<[string, (response: ServerResponse) => void]>([
    ['a long body', (response) => pour(response.writeHead(200), 'x'.repeat(64 * 1024))],
    [
      'a body that never ends',
      (response) => {
        response.writeHead(200);
        response.write('half');
      },
    ],
  ])('closes the connection of %s, and never fails', async ([_what, answer], { onTestFinished }) => {
    const { fixture, get } = await stage(onTestFinished, answer);
    await (await get()).discard();
    await fixture.received[0]?.closed;
    expect(await (await get()).readErrorText()).toBe('');
  });
});
