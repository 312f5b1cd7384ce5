/** A table of texts, ready to be printed in either form. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  /** How many of the first columns hold words; the others hold numbers and are aligned to the right. */
  readonly words: number;
  readonly rows: readonly (readonly string[])[];
}

/** For a terminal: columns side by side. */
export function toText({ title, columns, words, rows }: Table): string {
  const widths = columns.map((column, at) =>
    Math.max(column.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, at) => (at < words ? (cells[at] ?? '').padEnd(width) : (cells[at] ?? '').padStart(width)))
      .join('  ')
      .trimEnd();
  return [title, line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

export function toMarkdown({ title, columns, words, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = columns.map((_, at) => (at < words ? '---' : '---:'));
  return [`**${title}**`, '', line(columns), line(rule), ...rows.map(line)].join('\n');
}
