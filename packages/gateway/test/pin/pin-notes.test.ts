import { describe, expect, it } from 'vitest';
import { openKeeperStage, tool } from './keeper-stage.ts';

describe('PinNotes#write()', () => {
  it('lists at most 50 names beside their count, each cut to 128 characters', async () => {
    await using stage = await openKeeperStage();
    const alice = stage.partition();
    alice.tools = Array.from({ length: 120 }, (_, n) => tool(`${'n'.repeat(200)}${n}`));
    await alice.offered();
    const [, detail] = stage.records[0] ?? [];
    expect(detail).toMatchObject({ count: 120 });
    const names = detail?.['names'] as readonly string[];
    expect(names).toHaveLength(50);
    expect(Math.max(...names.map(({ length }) => length))).toBe(128);
  });

  it('never records half of a character', async () => {
    await using stage = await openKeeperStage();
    const alice = stage.partition();
    alice.tools = [tool(`${'n'.repeat(127)}💥`)];
    await alice.offered();
    expect(JSON.stringify(stage.records).isWellFormed()).toBe(true);
    expect(JSON.stringify(stage.records)).toContain('\ufffd');
  });
});
