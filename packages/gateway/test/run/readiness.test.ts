import { describe, expect, it } from 'vitest';
import { Readiness } from '../../src/run/readiness.ts';
import type { UpstreamHealth } from '../../src/upstream/index.ts';

const NONE: ReadonlySet<string> = new Set();

function health(server: string, state: UpstreamHealth['state']): UpstreamHealth {
  return { server, state, inFlight: 0, starts: 1, diagnosis: 'a secret word' };
}

describe('Readiness.problems()', () => {
  it('is empty when nothing failed', () => {
    expect(
      new Readiness(() => 0).problems(new Set(['a']), [health('a', 'ready'), health('b', 'idle')]),
    ).toEqual([]);
  });

  it('tells of an audit log that fails, until it works again', async () => {
    const readiness = new Readiness(() => 0);
    let full = true;
    const audit = readiness.watch({
      append: async () => {
        if (full) throw new Error('No space left');
      },
      [Symbol.asyncDispose]: async () => undefined,
    });
    const entry = { type: 'system', time: '2026-01-01T00:00:00.000Z', event: 'x' } as const;
    await expect(audit.append(entry)).rejects.toThrow('No space left');
    expect(readiness.problems(NONE, [])).toEqual([
      { part: 'audit', problem: 'cannot be written, so calls are refused' },
    ]);
    full = false;
    await audit.append(entry);
    expect(readiness.problems(NONE, [])).toEqual([]);
  });

  it('tells of a store that has failed lately', () => {
    let now = 0;
    const readiness = new Readiness(() => now);
    readiness.storeFailed();
    now = 4999;
    expect(readiness.problems(NONE, [])).toEqual([{ part: 'store', problem: 'does not answer' }]);
    now = 5000;
    expect(readiness.problems(NONE, [])).toEqual([]);
  });

  it('tells of failed servers that are to run from the start, and of no other', () => {
    const problems = new Readiness(() => 0).problems(new Set(['a']), [
      health('a', 'failed'),
      health('b', 'failed'),
    ]);
    expect(problems).toEqual([{ part: 'server a', problem: 'does not run' }]);
  });

  it('tells of code mode in the words that it is given', () => {
    const readiness = new Readiness(() => 0);
    expect(readiness.problems(NONE, [], { codeMode: undefined })).toEqual([]);
    expect(readiness.problems(NONE, [], { codeMode: 'none is run' })).toEqual([
      { part: 'code mode', problem: 'none is run' },
    ]);
  });
});
