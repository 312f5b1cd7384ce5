import { PassThrough } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { readRequestBody } from '../../../src/door/http/read-body.ts';

function request(headers: Record<string, string> = {}): PassThrough & IncomingMessage {
  return Object.assign(new PassThrough(), { headers }) as unknown as PassThrough & IncomingMessage;
}

describe('readRequestBody()', () => {
  it('joins what comes in pieces, also within one character', async () => {
    const asked = request();
    const body = readRequestBody(asked, 100);
    const bytes = Buffer.from('{"ä":"😀"}');
    for (const byte of bytes) asked.write(Buffer.of(byte));
    asked.end();
    expect(await body).toEqual({ ok: true, text: '{"ä":"😀"}' });
  });

  it('takes an empty body, and one of exactly the limit', async () => {
    const empty = request();
    empty.end();
    expect(await readRequestBody(empty, 10)).toEqual({ ok: true, text: '' });
    const full = request({ 'content-length': '10' });
    full.end('0123456789');
    expect(await readRequestBody(full, 10)).toEqual({ ok: true, text: '0123456789' });
  });

  it('refuses by the announced length without reading', async () => {
    const asked = request({ 'content-length': '11' });
    expect(await readRequestBody(asked, 10)).toMatchObject({ ok: false, status: 413 });
    expect(asked.listenerCount('data')).toBe(0);
  });

  it('refuses one byte over the limit, and reads no further', async () => {
    const asked = request();
    const body = readRequestBody(asked, 10);
    asked.write('0123456789');
    asked.write('x');
    expect(await body).toMatchObject({ ok: false, status: 413 });
    expect([asked.listenerCount('data'), asked.isPaused()]).toEqual([0, true]);
  });

  it.each([[[0xff]], [[0xc3]], [[0xc0, 0xaf]], [[0xed, 0xa0, 0x80]], [[0xf4, 0x90, 0x80, 0x80]]])(
    'refuses the bytes %j, which are no UTF-8',
    async (bytes) => {
      const asked = request();
      asked.end(Buffer.from(bytes));
      expect(await readRequestBody(asked, 10)).toMatchObject({ ok: false, status: 400 });
    },
  );

  it.each(['close', 'error'])('gives nothing when the client goes away (%s)', async (how) => {
    const asked = request();
    const body = readRequestBody(asked, 10);
    asked.write('{"a"');
    asked.destroy(how === 'error' ? new Error('reset') : undefined);
    expect(await body).toBeUndefined();
  });
});
