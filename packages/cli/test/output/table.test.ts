import { describe, expect, it } from 'vitest';
import { renderTable, type Column } from '../../src/output/table.ts';

interface Row {
  readonly name: string;
  readonly n: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { head: 'NAME', cell: ({ name }) => name },
  { head: 'N', cell: ({ n }) => n },
];
const ROWS = [
  { name: 'long-name', n: 1 },
  { name: 'x', n: 22 },
];

describe('renderTable()', () => {
  it('aligns columns without lines and without blanks at the ends, for files', () => {
    const text = renderTable(ROWS, COLUMNS, { bordered: false, head: (head) => head });
    expect(text).toBe('NAME       N\nlong-name  1\nx          22');
  });

  it('draws lines for people', () => {
    const text = renderTable(ROWS, COLUMNS, { bordered: true, head: (head) => head });
    expect(text.split('\n')).toHaveLength(6);
    expect(text).toContain('│ long-name │ 1');
  });

  it('passes heads through the style that is asked for, and adds no colour of its own', () => {
    const text = renderTable(ROWS, COLUMNS, { bordered: true, head: (head) => `<${head}>` });
    expect(text).toContain('<NAME>');
    expect(text).not.toContain('\u001b');
  });

  it('has one line for the heads alone when there are no rows', () => {
    expect(renderTable([], COLUMNS, { bordered: false, head: (head) => head })).toBe('NAME  N');
  });
});
