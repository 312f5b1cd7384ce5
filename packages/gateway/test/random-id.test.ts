import { expect, it } from 'vitest';
import { createIds } from '../src/lib/random-id.ts';

it('createIds() never gives an id twice, also beyond one pool and from several makers', () => {
  const makers = [createIds('call-'), createIds('call-')];
  const ids = Array.from({ length: 6000 }, (_, n) => makers[n % 2]?.() ?? '');
  expect(new Set(ids).size).toBe(6000);
  expect(ids.every((id) => /^call-[\w-]{16}$/.test(id))).toBe(true);
});
