import { splitDeclarations, type Declared } from './split-declarations.ts';

/**
 * What a session has declared after one more script: a name that the script declares means what it says there, all others stay.
 *
 * When the text would be longer than `maxBytes`, the types of the largest declarations are forgotten (`any`), and as a last resort the oldest names.
 *
 * @param earlier A text of this function, or empty.
 * @returns The text of a `.d.ts` in the global scope.
 */
export function mergeDeclarations(earlier: string, fresh: readonly Declared[], maxBytes: number): string {
  const replaced = new Set(fresh.map(({ name }) => name));
  const kept = splitDeclarations(earlier).filter(({ name }) => !replaced.has(name));
  return fit([...kept, ...fresh], maxBytes)
    .map(({ text }) => `${text}\n`)
    .join('');
}

/** For each name what `typed` has of it; a name that it lacks is declared with the type `any`. */
export function withTypes(names: readonly Declared[], typed: readonly Declared[]): readonly Declared[] {
  const known = new Set(typed.map(({ name }) => name));
  return [...typed, ...names.filter(({ name }) => !known.has(name)).map(asAny)];
}

function asAny({ name, kind }: Declared): Declared {
  const value = `declare let ${name}: any;`;
  const type = `type ${name} = any;`;
  const text = { value, type, both: `${value}\n${type}` }[kind];
  return { name, kind, text };
}

function fit(all: readonly Declared[], maxBytes: number): readonly Declared[] {
  const byName = Map.groupBy(all, ({ name }) => name);
  let bytes = bytesOf(all);
  for (const [name, same] of [...byName].sort(([, a], [, b]) => bytesOf(b) - bytesOf(a))) {
    if (bytes <= maxBytes) break;
    const less = [oneAny(same)];
    byName.set(name, less);
    bytes += bytesOf(less) - bytesOf(same);
  }
  for (const [name, same] of byName) {
    if (bytes <= maxBytes) break;
    byName.delete(name);
    bytes -= bytesOf(same);
  }
  return [...byName.values()].flat();
}

function bytesOf(declarations: readonly Declared[]): number {
  return declarations.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0);
}

/** All declarations of a name as one. */
function oneAny(same: readonly Declared[]): Declared {
  const [first] = same;
  if (first === undefined) throw new TypeError('A name has at least one declaration');
  const kinds = new Set(same.map(({ kind }) => kind));
  return asAny({ ...first, kind: kinds.size === 1 ? first.kind : 'both' });
}
