import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Answer } from '../../../src/door/mcp/answer.ts';
import { LongCalls } from '../../../src/door/mcp/long-calls.ts';

const BOTH = { json: true, stream: true };
const JSON_ONLY = { json: true, stream: false };
const STREAM_ONLY = { json: false, stream: true };

/** What a client receives from a real server that answers so. */
async function answered(
  work: (answer: Answer, response: ServerResponse) => Promise<void> | void,
  forms = BOTH,
  keepAliveMs = 60_000,
): Promise<{ status: number | undefined; type: string | undefined; headers: object; body: string }> {
  const server = createServer((_request, response) => {
    const longCalls = new LongCalls(keepAliveMs, () => performance.now());
    void work(new Answer(response, forms, longCalls), response);
  });
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const asked = get({ port: (server.address() as AddressInfo).port });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    let body = '';
    for await (const chunk of answer.setEncoding('utf8')) body += String(chunk);
    const { statusCode: status, headers } = answer;
    return { status, type: headers['content-type'], headers, body };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const event = (text: string): string => `event: message\ndata: ${text}\n\n`;

describe('Answer#finish()', () => {
  it('gives a JSON body with status and headers while nothing was said before', async () => {
    const got = await answered((answer) => {
      answer.setHeader('mcp-session-id', 'ses-1');
      answer.finish('{"ä":1}', 429);
    });
    expect(got).toMatchObject({ status: 429, type: 'application/json', body: '{"ä":1}' });
    expect(got.headers).toMatchObject({ 'mcp-session-id': 'ses-1', 'content-length': '8' });
  });

  it('gives a stream to a client that takes nothing else, with its headers', async () => {
    const got = await answered((answer) => {
      answer.setHeader('mcp-session-id', 'ses-1');
      answer.finish('{}');
    }, STREAM_ONLY);
    expect(got).toMatchObject({ status: 200, type: 'text/event-stream', body: event('{}') });
    expect(got.headers).toMatchObject({ 'mcp-session-id': 'ses-1' });
  });

  it('gives an error of HTTP as a body even to a client that takes streams only', async () => {
    const got = await answered((answer) => {
      answer.setHeader('retry-after', '3');
      answer.finish('{"error":1}', 429);
    }, STREAM_ONLY);
    expect(got).toMatchObject({ status: 429, type: 'application/json', body: '{"error":1}' });
    expect(got.headers).toMatchObject({ 'retry-after': '3' });
  });

  it('ends the stream that a notification has opened', async () => {
    const got = await answered((answer) => {
      answer.notify('notifications/progress', { progress: 1 });
      answer.finish('{"id":1}');
    });
    const said = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}';
    expect(got.body).toBe(event(said) + event('{"id":1}'));
  });

  it('delivers over a stream an answer of 12 MiB', async () => {
    const text = JSON.stringify({ text: 'x'.repeat(12 * 1024 * 1024) });
    const got = await answered((answer) => {
      answer.notify('notifications/message', {});
      answer.finish(text);
    });
    expect(got.body.endsWith(event(text))).toBe(true);
  });

  it.each([
    ['JSON body', JSON_ONLY],
    ['JSON body of a client that takes both', BOTH],
    ['stream', STREAM_ONLY],
  ])('lets nothing follow a %s', async (_name, forms) => {
    const got = await answered((answer) => {
      answer.finish('{}');
      answer.notify('notifications/message', { late: true });
    }, forms);
    expect(got.body).not.toContain('late');
  });
});

describe('Answer#notify()', () => {
  it('says nothing to a client that takes no streams', async () => {
    const got = await answered((answer) => {
      expect(answer.canNotify).toBe(false);
      answer.notify('notifications/message', {});
      answer.finish('{}');
    }, JSON_ONLY);
    expect(got).toMatchObject({ type: 'application/json', body: '{}' });
  });

  it('says nothing after the client has gone', async () => {
    await answered((answer, response) => {
      answer.drop();
      answer.notify('notifications/message', {});
      expect(response.headersSent).toBe(false);
      response.end();
    });
  });
});

describe('Answer#send()', () => {
  it('says whether it was put on its way', async () => {
    const said: boolean[] = [];
    const got = await answered((answer) => {
      said.push(answer.send('{"a":1}'));
      answer.finish('{"id":1}');
      said.push(answer.send('{"a":2}'));
    });
    expect(said).toEqual([true, false]);
    expect(got.body).toBe(event('{"a":1}') + event('{"id":1}'));
  });

  it.each(['nobody takes streams', 'the client has gone'])('says nothing when %s', async (why) => {
    const response = { destroyed: why === 'the client has gone' } as ServerResponse;
    const forms = why === 'the client has gone' ? BOTH : JSON_ONLY;
    expect(new Answer(response, forms, new LongCalls(1000, () => 0)).send('{}')).toBe(false);
  });
});

describe('Answer#expectLong()', () => {
  it('opens the stream once the work has taken long', async () => {
    const got = await answered(
      async (answer) => {
        answer.expectLong();
        await sleep(40);
        answer.finish('{}');
      },
      BOTH,
      5,
    );
    expect(got.type).toBe('text/event-stream');
    expect(got.body.endsWith(event('{}'))).toBe(true);
  });

  it.each([
    ['takes no streams', JSON_ONLY, 5, 40],
    ['had its answer soon', BOTH, 10_000, 0],
  ])('leaves a JSON body to a client that %s', async (_name, forms, keepAliveMs, workMs) => {
    const got = await answered(
      async (answer) => {
        answer.expectLong();
        await sleep(workMs);
        answer.finish('{}');
      },
      forms,
      keepAliveMs,
    );
    expect(got.type).toBe('application/json');
  });
});

describe('Answer#finishCancelled()', () => {
  it.each([
    ['both', BOTH],
    ['streams only', STREAM_ONLY],
  ])('answers nothing to a client that takes %s', async (_name, forms) => {
    const got = await answered((answer) => {
      answer.finishCancelled('{"error":1}');
    }, forms);
    expect(got).toMatchObject({ status: 200, type: 'text/event-stream', body: '' });
  });

  it('ends the stream that is open', async () => {
    const got = await answered((answer) => {
      answer.notify('notifications/progress', {});
      answer.finishCancelled('{"error":1}');
      answer.notify('notifications/progress', { late: true });
    });
    expect(got.body).toBe(event('{"jsonrpc":"2.0","method":"notifications/progress","params":{}}'));
  });

  it('gives the text to a client that takes JSON only', async () => {
    const got = await answered((answer) => {
      answer.finishCancelled('{"error":1}');
    }, JSON_ONLY);
    expect(got).toMatchObject({ type: 'application/json', body: '{"error":1}' });
  });
});
