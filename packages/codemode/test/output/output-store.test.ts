import { expect, it } from 'vitest';
import { OUTPUT_BOUNDS, OutputStore } from '../../src/output/output-store.ts';

function start(bounds: Partial<typeof OUTPUT_BOUNDS> = {}) {
  const clock = { ms: 0 };
  const store = new OutputStore({ now: () => clock.ms, bounds: { ...OUTPUT_BOUNDS, ...bounds } });
  const keep = (owner: string, text: string): string => store.keep(owner, text) ?? 'none';
  return { clock, store, keep };
}

const unknown = expect.objectContaining({ code: 'OUTPUT_UNKNOWN' });

it('OutputStore gives back what it keeps, whole or in part', () => {
  const { store, keep } = start();
  const handle = keep('alice', 'abcdef');
  expect(store.fetch('alice', handle)).toBe('abcdef');
  expect(store.fetch('alice', handle, { from: 4 })).toBe('ef');
  expect(store.fetch('alice', handle, { from: 1, to: 3 })).toBe('bc');
  expect(store.fetch('alice', handle, { from: 5, to: 1000 })).toBe('f');
  expect(store.fetch('alice', handle, { from: 1000 })).toBe('');
});

it.each([
  [-1, 5],
  [5, 4],
])('OutputStore refuses the range %d to %d', (from, to) => {
  const { store, keep } = start();
  const handle = keep('alice', 'abcdef');
  expect(() => store.fetch('alice', handle, { from, to })).toThrow(
    expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
  );
});

it('OutputStore has nothing for another owner, nor for another handle (A51)', () => {
  const { store, keep } = start();
  const handle = keep('alice', 'abcdef');
  expect(() => store.fetch('bob', handle)).toThrow(unknown);
  expect(() => store.fetch('alice', `${handle}0`)).toThrow(unknown);
  expect(() => store.fetch('alice', '__proto__')).toThrow(unknown);
});

it('OutputStore makes handles that nobody can guess', () => {
  const { keep } = start();
  const handles = new Set(Array.from({ length: 100 }, () => keep('alice', 'x')));
  expect(handles.size).toBe(100);
  for (const handle of handles) expect(handle).toMatch(/^out-[0-9a-f]{24}$/);
});

it('OutputStore forgets after ten minutes', () => {
  const { clock, store, keep } = start();
  const handle = keep('alice', 'abcdef');
  clock.ms = OUTPUT_BOUNDS.ttlMs - 1;
  expect(store.fetch('alice', handle)).toBe('abcdef');
  clock.ms += 1;
  expect(() => store.fetch('alice', handle)).toThrow(unknown);
});

it('OutputStore drops the oldest of an owner beyond its count, and no others', () => {
  const { store, keep } = start({ maxPerOwner: 2 });
  const other = keep('bob', 'b');
  const [first, second, third] = [keep('alice', '1'), keep('alice', '2'), keep('alice', '3')];
  expect(() => store.fetch('alice', first)).toThrow(unknown);
  expect([store.fetch('alice', second), store.fetch('alice', third), store.fetch('bob', other)]).toEqual([
    '2',
    '3',
    'b',
  ]);
});

it('OutputStore drops the oldest beyond the characters of an owner, and of all', () => {
  const { store, keep } = start({ maxCharsPerOwner: 10, maxChars: 15 });
  const first = keep('alice', 'x'.repeat(6));
  const second = keep('alice', 'y'.repeat(6));
  expect(() => store.fetch('alice', first)).toThrow(unknown);
  const third = keep('bob', 'z'.repeat(10));
  expect(() => store.fetch('alice', second)).toThrow(unknown);
  expect(store.fetch('bob', third)).toHaveLength(10);
});

it('OutputStore keeps no text that is too long by itself, and nothing goes for it', () => {
  const { store, keep } = start({ maxCharsPerOwner: 10 });
  const handle = keep('alice', 'abc');
  expect(store.keep('alice', 'x'.repeat(11))).toBeUndefined();
  expect(store.fetch('alice', handle)).toBe('abc');
});
