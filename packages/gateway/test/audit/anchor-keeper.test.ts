import { describe, expect, it } from 'vitest';
import { AnchorKeeper } from '../../src/audit/anchor-keeper.ts';
import type { AuditAnchor } from '../../src/store/index.ts';
import { MemoryAnchors } from './audit-place.ts';

const START = { seq: 0, hash: 'start' };
const at = (seq: number): { seq: number; hash: string } => ({ seq, hash: `h${seq}` });
const nothing = async (): Promise<void> => undefined;

/** A store that answers only when told. */
class SlowAnchors extends MemoryAnchors {
  readonly waiting: PromiseWithResolvers<void>[] = [];

  override async put(anchor: AuditAnchor): Promise<void> {
    const gate = Promise.withResolvers<void>();
    this.waiting.push(gate);
    await gate.promise;
    await super.put(anchor);
  }
}

function makeKeeper(
  table: MemoryAnchors,
  stored?: AuditAnchor,
): { keeper: AnchorKeeper; failures: unknown[] } {
  const failures: unknown[] = [];
  const keeper = new AnchorKeeper({
    table,
    writer: 'w',
    stored,
    start: START,
    onFailure: (error) => failures.push(error),
  });
  return { keeper, failures };
}

describe('AnchorKeeper', () => {
  it('advance() returns at once, keeps order, and joins what comes while a write is under way', async () => {
    const table = new SlowAnchors();
    const { keeper } = makeKeeper(table);
    for (const seq of [1, 2]) keeper.advance(at(seq), nothing);
    await expect.poll(() => table.waiting.length).toBe(1);
    for (const seq of [3, 4, 5]) keeper.advance(at(seq), nothing);
    table.waiting[0]?.resolve();
    await expect.poll(() => table.waiting.length).toBe(2);
    table.waiting[1]?.resolve();
    await keeper.idle();
    expect(table.puts.map(({ sequence }) => sequence)).toEqual([2, 5]);
  });

  it('advance() stores nothing before the checkpoint is on the disk', async () => {
    const table = new MemoryAnchors();
    const { keeper, failures } = makeKeeper(table);
    keeper.advance(at(1), async () => {
      expect(table.puts).toEqual([]);
    });
    await keeper.idle();
    keeper.advance(at(2), () => Promise.reject(new Error('disk')));
    await keeper.idle();
    expect(table.puts.map(({ sequence }) => sequence)).toEqual([1]);
    expect(failures).toEqual([new Error('disk')]);
  });

  it('prune() moves the pruned position and keeps the checkpoint', async () => {
    const table = new MemoryAnchors();
    const { keeper } = makeKeeper(table);
    keeper.advance(at(9), nothing);
    await keeper.prune(at(4));
    expect(keeper.pruned).toEqual(at(4));
    keeper.advance(at(12), nothing);
    await keeper.idle();
    expect(table.puts.at(-1)).toEqual({
      writer: 'w',
      sequence: 12,
      hash: 'h12',
      prunedSequence: 4,
      prunedHash: 'h4',
    });
  });

  it('prune() rejects and changes nothing when the store is away, or nothing was signed yet', async () => {
    const table = new MemoryAnchors();
    const { keeper, failures } = makeKeeper(table);
    await expect(keeper.prune(at(4))).rejects.toThrow('no checkpoint');
    keeper.advance(at(9), nothing);
    table.failing = true;
    await expect(keeper.prune(at(4))).rejects.toThrow('The store is away');
    expect(keeper.pruned).toEqual(START);
    await keeper.idle();
    expect(failures).toHaveLength(1);
  });

  it('begins where the store left off', async () => {
    const table = new MemoryAnchors();
    const stored = { writer: 'w', sequence: 9, hash: 'h9', prunedSequence: 4, prunedHash: 'h4' };
    const { keeper } = makeKeeper(table, stored);
    expect(keeper.pruned).toEqual(at(4));
    await keeper.prune(at(6));
    expect(table.puts).toEqual([{ ...stored, prunedSequence: 6, prunedHash: 'h6' }]);
  });
});
