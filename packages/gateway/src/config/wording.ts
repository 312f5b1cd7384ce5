import { distance } from 'fastest-levenshtein';
import { quote, type ConfigNode } from './config-node.ts';
import { isPrivatePath } from './credential-fields.ts';

const MAX_COMPARED_CHARS = 100;

/** The candidate that `text` most likely meant, or undefined when none is near. Case, `_`, `-` and blanks count for nothing. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  if (text.length > MAX_COMPARED_CHARS) return undefined;
  const wanted = plain(text);
  let best: { readonly candidate: string; readonly steps: number } | undefined;
  for (const candidate of candidates) {
    const other = plain(candidate);
    const isExtended = other.length >= 3 && (wanted.startsWith(other) || other.startsWith(wanted));
    const steps = Math.min(distance(wanted, other), isExtended ? 1 : Infinity);
    if (steps <= allowedSteps(wanted) && (best === undefined || steps < best.steps))
      best = { candidate, steps };
  }
  return best?.candidate;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[_\s-]/g, '');
}

function allowedSteps(text: string): number {
  if (text.length < 4) return text.length < 3 ? 0 : 1;
  return Math.max(2, Math.floor(text.length / 3));
}

/** `did you mean "url"?`, or undefined when nothing is near. */
export function didYouMean(text: string, candidates: Iterable<string>): string | undefined {
  const found = nearest(text, candidates);
  return found === undefined ? undefined : `did you mean ${quote(found)}?`;
}

/** What kind of value was found. */
export function describeKind(node: ConfigNode): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'boolean') return `${node.value}`;
  return typeof node.value === 'string' ? 'a string' : 'a number';
}

/** What was found, with the value itself where that cannot give away a secret. */
export function describeValue(node: ConfigNode): string {
  if (node.kind !== 'scalar' || node.origin !== 'literal' || isPrivatePath(node.path))
    return describeKind(node);
  if (typeof node.value === 'string') return quote(node.value);
  return typeof node.value === 'number' ? String(node.value) : describeKind(node);
}

export function listOf(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === 'string' ? quote(value) : String(value))).join(', ');
}
