import { describe, expect, it } from 'vitest';
import { RefusalBudget } from '../../src/gate/refusal-budget.ts';

describe('RefusalBudget.take()', () => {
  it('records up to the burst, then only counts, and says how many were left out', () => {
    let now = 0;
    const budget = new RefusalBudget({ calls: '60/min', burst: 2 }, () => now);
    expect([1, 2, 3, 4, 5].map(() => budget.take('key:a').record)).toEqual([true, true, false, false, false]);
    now = 999;
    expect(budget.take('key:a')).toEqual({ record: false });
    now = 1000;
    expect(budget.take('key:a')).toEqual({ record: true, unrecordedBefore: 4 });
    now = 2000;
    expect(budget.take('key:a')).toEqual({ record: true, unrecordedBefore: 0 });
  });

  it('counts each caller by itself', () => {
    const budget = new RefusalBudget({ calls: '1/h' }, () => 0);
    budget.take('key:a');
    expect(budget.take('key:a').record).toBe(false);
    expect(budget.take('key:b').record).toBe(true);
  });

  it('keeps what was used when the rate changes', () => {
    const budget = new RefusalBudget({ calls: '1/h' }, () => 0);
    budget.take('key:a');
    budget.changeRate({ calls: '3/h' });
    expect([1, 2, 3].map(() => budget.take('key:a').record)).toEqual([true, true, false]);
  });

  it('holds a bounded number of callers and forgets none that owes something while another owes nothing', () => {
    const budget = new RefusalBudget({ calls: '1/h', burst: 1 }, () => 0);
    budget.take('flooder');
    budget.take('flooder');
    for (let n = 0; n < 9999; n += 1) {
      budget.take(`key:${n}`);
    }
    expect(budget.take('flooder').record).toBe(false);
  });
});
