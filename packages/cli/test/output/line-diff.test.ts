import { describe, expect, it } from 'vitest';
import { lineDiff } from '../../src/output/line-diff.ts';
import { Output } from '../../src/output/output.ts';
import { Collector } from '../run-cli.ts';

const out = (): Output => new Output({ stdout: new Collector(), stderr: new Collector() });
const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index}`);

describe('lineDiff()', () => {
  it('gives nothing for equal texts', () => {
    expect(lineDiff(out(), numbered(5), numbered(5))).toEqual([]);
  });

  it('shows a change with three lines around it', () => {
    const after = numbered(20).with(10, 'changed');
    expect(lineDiff(out(), numbered(20), after)).toEqual([
      ' line 7',
      ' line 8',
      ' line 9',
      '-line 10',
      '+changed',
      ' line 11',
      ' line 12',
      ' line 13',
    ]);
  });

  it('parts changes that lie apart', () => {
    const after = numbered(40).with(5, 'a').with(30, 'b');
    expect(lineDiff(out(), numbered(40), after).filter((line) => line === '…')).toHaveLength(1);
  });

  it('shows a text against nothing as new', () => {
    expect(lineDiff(out(), [], ['a', 'b'])).toEqual(['+a', '+b']);
  });

  it('shows texts that have little in common one after the other', () => {
    const lines = lineDiff(
      out(),
      numbered(2000),
      numbered(2000).map((line) => `${line}!`),
    );
    expect(lines).toHaveLength(4000);
    expect([lines[0], lines[2000]]).toEqual(['-line 0', '+line 0!']);
  });
});
