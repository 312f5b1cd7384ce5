const MAX_COMPARED_CHARS = 100;

/** The candidate that was most likely meant, or undefined when none is within a third of its characters (at least two). Case does not count. */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  if (text.length > MAX_COMPARED_CHARS) return undefined;
  const wanted = text.toLowerCase();
  const [best] = candidates
    .filter((candidate) => candidate.length <= MAX_COMPARED_CHARS)
    .map((candidate) => ({ candidate, steps: stepsBetween(wanted, candidate.toLowerCase()) }))
    .filter(({ candidate, steps }) => steps <= allowedSteps(candidate) && steps < candidate.length)
    .toSorted((one, other) => one.steps - other.steps);
  return best?.candidate;
}

function allowedSteps(text: string): number {
  return Math.max(2, Math.floor(text.length / 3));
}

/** Characters to add, take away or replace (Levenshtein). */
function stepsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [taken, char] of [...one].entries()) {
    const next = [taken + 1];
    for (let index = 0; index < other.length; index++) {
      const replaced = (row[index] ?? 0) + (other[index] === char ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
