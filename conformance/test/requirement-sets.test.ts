import { describe, expect, it } from 'vitest';
import { readRequirementSet } from '../suite/requirement-sets.ts';

describe('readRequirementSet()', () => {
  it.each([
    ['2026-07-28', 37, 3],
    ['2025-11-25', 30, 3],
    ['tasks', 10, 0],
  ] as const)('knows the scenarios of %s', async (name, scored, unscored) => {
    const set = await readRequirementSet(name);
    expect(set.scenarios).toHaveLength(scored);
    expect(set.unscored).toHaveLength(unscored);
  });

  it('runs the tasks scenarios at the revision that has the extension', async () => {
    const tasks = await readRequirementSet('tasks');
    expect(tasks.revision).toBe('2026-07-28');
    expect(tasks.scenarios.every((name) => name.startsWith('tasks-'))).toBe(true);
  });

  it('leaves out what is for clients', async () => {
    const { scenarios, unscored } = await readRequirementSet('2025-11-25');
    expect([...scenarios, ...unscored].filter((name) => name.startsWith('auth/'))).toEqual([]);
  });
});
