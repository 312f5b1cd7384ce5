import { structuredPatch } from 'diff';
import type { Output } from './output.ts';

const CONTEXT_LINES = 3;
/** Beyond so many changed lines the two texts are shown one after the other. */
const MAX_EDITS = 1000;

/** What differs between two texts, as lines that begin with `-`, `+` or a blank; places apart from each other are parted by `…`. */
export function lineDiff(
  out: Output,
  before: readonly string[],
  after: readonly string[],
): readonly string[] {
  const patch = structuredPatch('', '', text(before), text(after), undefined, undefined, {
    context: CONTEXT_LINES,
    maxEditLength: MAX_EDITS,
  });
  const lines =
    patch === undefined
      ? [...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)]
      : patch.hunks.flatMap(({ lines }, index) => (index === 0 ? lines : ['…', ...lines]));
  return lines.filter((line) => !line.startsWith('\\')).map((line) => coloured(out, line));
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function coloured(out: Output, line: string): string {
  if (line.startsWith('-')) return out.style('red', line);
  return line.startsWith('+') ? out.style('green', line) : line;
}
