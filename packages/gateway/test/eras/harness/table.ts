const WIDEST = 44;

/** Draws a head and rows as columns of at most 44 characters; longer lines of a cell go on below. */
export function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(wrap));
  const widths = head.map((_, column) =>
    Math.max(...cells.map((row) => Math.max(0, ...(row[column] ?? []).map((line) => line.length)))),
  );
  const [top = '', ...below] = cells.map((row) => drawRow(row, widths));
  return [top, widths.map((width) => '─'.repeat(width + 2)).join('┼'), ...below].join('\n');
}

function drawRow(cells: readonly (readonly string[])[], widths: readonly number[]): string {
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    widths.map((width, column) => ` ${(cells[column]?.[line] ?? '').padEnd(width)} `).join('│'),
  ).join('\n');
}

function wrap(cell: string): string[] {
  const piece = new RegExp(`.{1,${WIDEST}}(?= |$)|.{1,${WIDEST}}`, 'gu');
  return cell.split('\n').flatMap((line) => line.match(piece)?.map((part) => part.trim()) ?? ['']);
}
