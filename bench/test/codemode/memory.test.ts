import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addedTo, ifTreeMemory, parseRollup } from '../../codemode/measure/memory.ts';

const ROLLUP = `55d0-7fff ---p 00000000 00:00 0    [rollup]
Rss:               61920 kB
Pss:               21000 kB
Pss_Dirty:         15000 kB
Shared_Clean:      40000 kB
`;

describe('parseRollup()', () => {
  it('reads what is resident, and the share of it', () => {
    expect(parseRollup(ROLLUP)).toEqual({
      processes: 1,
      residentBytes: 61_920 * 1024,
      proportionalBytes: 21_000 * 1024,
    });
  });

  it.each([
    ['nothing', ''],
    ['no share', 'Rss:   1 kB\n'],
    ['another unit', ROLLUP.replaceAll('kB', 'MB')],
    ['only a longer name', ROLLUP.replace('Pss:', 'Pss_Anon:')],
  ])('gives undefined for %s', (_what, text) => {
    expect(parseRollup(text)).toBeUndefined();
  });
});

describe('addedTo()', () => {
  it('subtracts member by member', () => {
    const before = { processes: 2, residentBytes: 100, proportionalBytes: 60 };
    const after = { processes: 5, residentBytes: 160, proportionalBytes: 80 };
    expect(addedTo(before, after)).toEqual({ processes: 3, residentBytes: 60, proportionalBytes: 20 });
  });
});

describe.runIf(existsSync('/proc/self/smaps_rollup'))('ifTreeMemory()', () => {
  it('counts this process when asked to', () => {
    const all = ifTreeMemory(process.pid, { root: true });
    const below = ifTreeMemory(process.pid, { root: false });
    expect(all?.processes).toBeGreaterThan(below?.processes ?? 0);
    expect(all?.residentBytes).toBeGreaterThan(20 * 1024 * 1024);
    expect(all?.proportionalBytes).toBeLessThanOrEqual(all?.residentBytes ?? 0);
  });

  it('gives undefined for a process that does not exist', () => {
    expect(ifTreeMemory(2 ** 30, { root: true })).toBeUndefined();
  });
});
