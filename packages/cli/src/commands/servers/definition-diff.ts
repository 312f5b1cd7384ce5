import { lineDiff } from '../../output/line-diff.ts';
import type { Output } from '../../output/output.ts';
import { definitionLines } from './definition-lines.ts';

/** What differs between two definitions, as lines that begin with `-`, `+` or a blank. An absent one is shown as nothing. */
export function definitionDiff(out: Output, pinned: unknown, seen: unknown): readonly string[] {
  return lineDiff(out, linesOf(pinned), linesOf(seen));
}

function linesOf(definition: unknown): readonly string[] {
  return definition === undefined ? [] : definitionLines(definition);
}
