import { counted } from './count.ts';

const MAX_LINES = 100;

/** The first hundred lines, and one that says how many more there are: what comes after a hundred mistakes is read by nobody. */
export function firstLines(lines: readonly string[], noun: string): readonly string[] {
  const more = lines.length - MAX_LINES;
  return more <= 0
    ? lines
    : [...lines.slice(0, MAX_LINES), `… and ${counted(more, `more ${noun}`)}; --json shows all`];
}
