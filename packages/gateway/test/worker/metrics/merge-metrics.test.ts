import { describe, expect, it } from 'vitest';
import { mergeMetrics } from '../../../src/worker/metrics/merge-metrics.ts';
import { ownMetrics } from '../../../src/worker/metrics/own-metrics.ts';

const part = (worker: number, ...lines: string[]) => ({ worker, text: `${lines.join('\n')}\n` });

describe('mergeMetrics()', () => {
  it('describes a family once, and labels each sample with its worker', () => {
    const lines = ['# HELP calls Calls', '# TYPE calls counter', 'calls{server="a"} 1', 'calls 2'];
    expect(mergeMetrics([part(1, ...lines), part(2, ...lines)]).split('\n')).toEqual([
      '# HELP calls Calls',
      '# TYPE calls counter',
      'calls{worker="1",server="a"} 1',
      'calls{worker="1"} 2',
      'calls{worker="2",server="a"} 1',
      'calls{worker="2"} 2',
      '',
    ]);
  });

  it('keeps the samples of a family together, also those of a histogram', () => {
    const lines = [
      '# HELP wait Wait',
      '# TYPE wait histogram',
      'wait_bucket{le="1"} 1',
      'wait_sum 3',
      'wait_count 1',
      '# HELP waiters W',
      '# TYPE waiters gauge',
      'waiters 1',
    ];
    const names = mergeMetrics([part(1, ...lines), part(2, ...lines)])
      .split('\n')
      .map((line) => line.replace(/^# /, '').split(/[{ ]/, 1)[0]);
    expect(names.slice(0, 8)).toEqual([
      'HELP',
      'TYPE',
      'wait_bucket',
      'wait_sum',
      'wait_count',
      'wait_bucket',
      'wait_sum',
      'wait_count',
    ]);
    expect(names.slice(8)).toEqual(['HELP', 'TYPE', 'waiters', 'waiters', '']);
  });

  it('takes a family that only some workers have', () => {
    const text = mergeMetrics([part(1, '# TYPE a gauge', 'a 1'), part(3, '# TYPE b gauge', 'b 1')]);
    expect(text).toBe('# TYPE a gauge\na{worker="1"} 1\n# TYPE b gauge\nb{worker="3"} 1\n');
  });

  it('leaves values, times and braces in labels as they are', () => {
    const lines = ['a{x="}, {y\\"="} +Inf 1700000000', 'b{} NaN', 'c:d_e 1e-9'];
    expect(mergeMetrics([part(1, ...lines)])).toBe(
      'a{worker="1",x="}, {y\\"="} +Inf 1700000000\nb{worker="1"} NaN\nc:d_e{worker="1"} 1e-9\n',
    );
  });

  it('leaves out what is neither a description nor a sample', () => {
    expect(mergeMetrics([part(1, '# EOF', '', '{oops} 1', '9a 1', 'a 1')])).toBe('a{worker="1"} 1\n');
    expect(mergeMetrics([])).toBe('');
  });
});

describe('ownMetrics()', () => {
  it('tells of the workers', () => {
    const text = ownMetrics({ workers: 2, restarts: 5 });
    expect(text).toContain('\nsmcp_workers 2\n');
    expect(text).toContain('\nsmcp_worker_restarts_total 5\n');
  });
});
