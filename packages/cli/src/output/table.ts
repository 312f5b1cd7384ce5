import Table from 'cli-table3';

export interface Column<T> {
  readonly head: string;
  /** Must be fit for a terminal already; see `oneLine`. */
  readonly cell: (row: T) => string | number;
}

const NO_BORDER = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
} as const;

/** Rows in columns, with lines around them for people and without for files and pipes. One line per row, no line break at the end. */
export function renderTable<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  options: { readonly bordered: boolean; readonly head: (text: string) => string },
): string {
  const { bordered, head } = options;
  const table = new Table({
    head: columns.map((column) => head(column.head)),
    style: {
      head: [],
      border: [],
      compact: true,
      ...(bordered ? {} : { 'padding-left': 0, 'padding-right': 2 }),
    },
    ...(bordered ? {} : { chars: NO_BORDER }),
  });
  table.push(...rows.map((row) => columns.map((column) => String(column.cell(row)))));
  const lines = table.toString().split('\n');
  return lines.map((line) => (bordered ? line : line.trimEnd())).join('\n');
}
