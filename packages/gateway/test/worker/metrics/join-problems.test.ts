import { describe, expect, it } from 'vitest';
import { asProblems, joinProblems } from '../../../src/worker/metrics/join-problems.ts';

const STORE = { part: 'store', problem: 'does not answer' };
const AUDIT = { part: 'audit', problem: 'cannot be written' };

describe('joinProblems()', () => {
  it('says once what all workers say, and of the rest, who', () => {
    const joined = joinProblems(
      new Map([
        [1, [STORE, AUDIT]],
        [2, [STORE]],
        [3, [STORE, AUDIT]],
      ]),
    );
    expect(joined).toEqual([STORE, { part: 'audit (worker 1, 3)', problem: 'cannot be written' }]);
  });

  it('is empty when nothing is wrong', () => {
    expect(joinProblems(new Map([[1, []]]))).toEqual([]);
  });
});

describe('asProblems()', () => {
  it.each([null, {}, 'x', [null], [{}], [{ part: 'a' }], [{ part: 'a', problem: 1 }]])(
    'refuses %j',
    (value) => {
      expect(() => asProblems(value)).toThrow(expect.objectContaining({ code: 'CHANNEL_BROKEN' }));
    },
  );

  it('takes the two fields and no others', () => {
    expect(asProblems([{ ...STORE, secret: 'x' }])).toEqual([STORE]);
  });
});
