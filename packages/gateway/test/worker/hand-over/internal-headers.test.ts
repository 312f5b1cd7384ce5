import { describe, expect, it } from 'vitest';
import { forwardedHeaders, returnedHeaders } from '../../../src/worker/hand-over/internal-headers.ts';

describe('forwardedHeaders()', () => {
  it('keeps order, case and what came twice', () => {
    const raw = ['Host', 'a', 'X-Two', '1', 'Authorization', 'Bearer t', 'x-two', '2'];
    expect(forwardedHeaders(raw)).toEqual(raw);
  });

  it.each([
    'Connection',
    'Keep-Alive',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Expect',
    'Content-Length',
    'SMCP-Worker-Token',
    'smcp-worker-source',
  ])('leaves out %s (A55)', (name) => {
    expect(forwardedHeaders(['a', '1', name, 'x', 'b', '2'])).toEqual(['a', '1', 'b', '2']);
  });
});

describe('returnedHeaders()', () => {
  it('keeps the length of the body, and nothing of the connection', () => {
    expect(
      returnedHeaders([
        'Content-Length',
        '2',
        'Connection',
        'keep-alive',
        'Keep-Alive',
        'timeout=5',
        'x',
        'y',
      ]),
    ).toEqual(['Content-Length', '2', 'x', 'y']);
  });
});
