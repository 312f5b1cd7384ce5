import { describe, expect, it } from 'vitest';
import { Turns } from '../../src/pin/turns.ts';

describe('Turns#take()', () => {
  it('does work of one key in order, and of other keys beside it', async () => {
    const turns = new Turns();
    const done: string[] = [];
    const gate = Promise.withResolvers<undefined>();
    const first = turns.take('a', async () => {
      await gate.promise;
      done.push('a1');
    });
    const second = turns.take('a', async () => void done.push('a2'));
    await turns.take('b', async () => void done.push('b1'));
    expect(done).toEqual(['b1']);
    gate.resolve(undefined);
    await Promise.all([first, second]);
    expect(done).toEqual(['b1', 'a1', 'a2']);
  });

  it('gives what the work gives, and goes on after work that failed', async () => {
    const turns = new Turns();
    const failing = turns.take('a', async () => {
      throw new Error('first');
    });
    const next = turns.take('a', async () => 7);
    await expect(failing).rejects.toThrow('first');
    expect(await next).toBe(7);
  });
});
