import { visibleText } from './visible-text.ts';

/** How many candidates are looked at, and how much of each. */
const MAX_CANDIDATES = 1000;
const MAX_COMPARED_CHARS = 48;
const MAX_SUGGESTIONS = 3;
const MIN_CONTAINED_CHARS = 3;

/**
 * Up to three of the candidates that somebody who wrote `given` may have meant, nearest first: a typo away, the same words in another order, or one
 * containing the other.
 */
export function nearNames(given: string, candidates: readonly string[]): readonly string[] {
  const wanted = comparable(given);
  if (wanted === '') return [];
  return candidates
    .slice(0, MAX_CANDIDATES)
    .map((name, at) => ({ name, at, distance: distanceOf(wanted, comparable(name)) }))
    .filter(({ distance }) => distance !== undefined)
    .toSorted((a, b) => (a.distance ?? 0) - (b.distance ?? 0) || a.at - b.at)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ name }) => name);
}

/** `; did you mean 'a', 'b'?`, or nothing. */
export function didYouMean(given: string, candidates: readonly string[]): string {
  const near = nearNames(given, candidates);
  if (near.length === 0) return '';
  return `; did you mean ${near.map((name) => `'${visibleText(name, MAX_COMPARED_CHARS)}'`).join(', ')}?`;
}

/** Words in lower case, without what separates them. */
function comparable(name: string): string {
  return name
    .slice(0, MAX_COMPARED_CHARS)
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Undefined when too far. */
function distanceOf(wanted: string, name: string): number | undefined {
  if (name === '') return undefined;
  const [a, b] = [wanted.replaceAll(' ', ''), name.replaceAll(' ', '')];
  const most = Math.max(1, Math.floor(Math.min(a.length, b.length) / 3));
  if (Math.abs(a.length - b.length) <= most) {
    const edits = Math.min(editDistance(a, b), editDistance(inOrder(wanted), inOrder(name)));
    if (edits <= most) return edits;
  }
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= MIN_CONTAINED_CHARS && long.includes(short) ? long.length : undefined;
}

function inOrder(words: string): string {
  return words.split(' ').toSorted().join('');
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one text to the other. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, at(beforeLast, j - 2) + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
