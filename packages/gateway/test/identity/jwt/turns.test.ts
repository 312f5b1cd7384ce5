import { expect, it } from 'vitest';
import { Turns } from '../../../src/identity/jwt/turns.ts';

it('run() lets the tasks of one key run one after another in their order', async () => {
  const turns = new Turns();
  const steps: string[] = [];
  const task = (name: string) => async (): Promise<string> => {
    steps.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    steps.push(`${name} ends`);
    return name;
  };
  expect(await Promise.all(['a', 'b', 'c'].map((name) => turns.run('key', task(name))))).toEqual([
    'a',
    'b',
    'c',
  ]);
  expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

it('run() does not let different keys wait for each other', async () => {
  const turns = new Turns();
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = turns.run('one', () => promise);
  expect(await turns.run('two', async () => 'free')).toBe('free');
  resolve();
  await held;
});

it('run() passes on a failure to its own caller only', async () => {
  const turns = new Turns();
  const failed = turns.run('key', async () => {
    throw new RangeError('broken');
  });
  const after = turns.run('key', async () => 'fine');
  await expect(failed).rejects.toThrow(RangeError);
  expect(await after).toBe('fine');
});

it('run() keeps nothing when all are done', async () => {
  const turns = new Turns();
  const runs = Array.from({ length: 10 }, (_, index) => turns.run(`key ${index % 3}`, async () => {}));
  expect(turns.size).toBe(3);
  await Promise.all(runs);
  expect(turns.size).toBe(0);
});
