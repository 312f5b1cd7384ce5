import { describe, expect, it } from 'vitest';
import { FairQueue } from '../../src/pool/fair-queue.ts';

function queueOf(...items: readonly (readonly [owner: string, item: string])[]): FairQueue<string> {
  const queue = new FairQueue<string>();
  for (const [owner, item] of items) {
    queue.add(owner, item);
  }
  return queue;
}

/** Serves one after another, asking each time who is next. */
function serveAll(queue: FairQueue<string>): (string | undefined)[] {
  const served: (string | undefined)[] = [];
  while (queue.size > 0) {
    const [next = ''] = queue.inTurn(1);
    queue.served(next.charAt(0), next);
    served.push(next);
  }
  return served;
}

describe('FairQueue', () => {
  it('serves one owner in the order of asking', () => {
    expect(serveAll(queueOf(['a', 'a1'], ['a', 'a2'], ['a', 'a3']))).toEqual(['a1', 'a2', 'a3']);
  });

  it('serves owners in turn, whoever has more', () => {
    const queue = queueOf(['a', 'a1'], ['a', 'a2'], ['a', 'a3'], ['b', 'b1'], ['c', 'c1'], ['b', 'b2']);
    expect(queue.inTurn(4)).toEqual(['a1', 'b1', 'c1', 'a2']);
    expect(serveAll(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('tells no more than wait, and no more than asked for', () => {
    const queue = queueOf(['a', 'a1'], ['b', 'b1']);
    expect([queue.inTurn(0), queue.inTurn(1), queue.inTurn(9)]).toEqual([[], ['a1'], ['a1', 'b1']]);
  });

  it('lets an owner who comes later wait for one of another at most', () => {
    const queue = queueOf(...Array.from({ length: 100 }, (_, index) => ['a', `a${index}`] as const));
    queue.served('a', 'a0');
    queue.add('b', 'b1');
    expect(queue.inTurn(2)).toContain('b1');
  });

  it('keeps the turn of whoever could not be served', () => {
    const queue = queueOf(['a', 'a1'], ['b', 'b1'], ['b', 'b2']);
    queue.served('b', 'b1');
    expect(queue.inTurn(9)).toEqual(['a1', 'b2']);
  });

  it('forgets who has gone', () => {
    const queue = queueOf(['a', 'a1'], ['a', 'a2'], ['b', 'b1']);
    queue.remove('a', 'a1');
    queue.remove('a', 'not there');
    queue.remove('c', 'c1');
    expect([queue.size, queue.sizeOf('a'), queue.sizeOf('c')]).toEqual([2, 1, 0]);
    expect(serveAll(queue)).toEqual(['a2', 'b1']);
  });

  it('gives all at once, and is empty then', () => {
    const queue = queueOf(['a', 'a1'], ['b', 'b1']);
    expect(queue.drain()).toEqual(['a1', 'b1']);
    expect([queue.size, queue.inTurn(1)]).toEqual([0, []]);
  });
});
