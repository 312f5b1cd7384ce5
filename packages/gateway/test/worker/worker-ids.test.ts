import { describe, expect, it } from 'vitest';
import { createIds } from '../../src/lib/random-id.ts';
import { idPrefix, workerOf } from '../../src/worker/worker-ids.ts';

describe('workerOf()', () => {
  it.each([1, 9, 10, 64])('finds worker %i in its ids', (worker) => {
    const callId = createIds(idPrefix('call', worker))();
    expect(workerOf(callId)).toBe(worker);
    expect(workerOf(`${idPrefix('ses', worker)}AAAA`)).toBe(worker);
  });

  it.each([
    '',
    'ses-',
    'ses-AAAAAAAA',
    'ses-0.AAAA',
    'ses-01.AAAA',
    'ses-100.AAAA',
    'ses--1-AAAA',
    'ses-1AAAA',
    'ses-1-AAAA',
    'call-7-AAAAAAAAAAAAAA',
    'apr-1-AAAA',
    ' ses-1.AAAA',
    'SES-1-AAAA',
  ])('finds none in %j', (id) => {
    expect(workerOf(id)).toBeUndefined();
  });
});
