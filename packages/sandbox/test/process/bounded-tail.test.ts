import { describe, expect, it } from 'vitest';
import { BoundedTail } from '../../src/process/bounded-tail.ts';

describe('BoundedTail', () => {
  it('gives all while it is little', () => {
    const tail = new BoundedTail(10);
    tail.push(Buffer.from('ab'));
    tail.push(Buffer.from('cd'));
    expect(tail.toString()).toBe('abcd');
  });

  it.each([1, 3, 10, 11, 64])('gives the last bytes of much that comes in pieces of %i', (size) => {
    const tail = new BoundedTail(10);
    const all = Array.from({ length: 1000 }, (_, index) => index % 10).join('');
    for (let at = 0; at < all.length; at += size) {
      tail.push(Buffer.from(all.slice(at, at + size)));
    }
    expect(tail.toString()).toBe('0123456789');
  });
});
