import { createHash } from 'node:crypto';

const MAX_NAME_LENGTH = 64;
const HASH_CHARS = 8;

/** Where a public name leads. */
export interface NamedTarget {
  readonly server: string;
  readonly name: string;
}

/**
 * Public names for the tools (or prompts) of several servers: `<server>_<name>`, at most 64 characters, unique. A name that is too long ends in a
 * hash of the whole; a clash gets a numbered suffix. The outcome depends only on the order of `targets`, so it is stable as long as they are.
 *
 * Public names are looked up in the returned table and never taken apart.
 */
export function assignNames(targets: Iterable<NamedTarget>): ReadonlyMap<string, NamedTarget> {
  const table = new Map<string, NamedTarget>();
  for (const target of targets) {
    const wanted = shorten(`${target.server}_${target.name}`, target);
    let name = wanted;
    for (let n = 2; table.has(name); n += 1) {
      const suffix = `_${n}`;
      name = cut(wanted, MAX_NAME_LENGTH - suffix.length) + suffix;
    }
    table.set(name, target);
  }
  return table;
}

function shorten(name: string, target: NamedTarget): string {
  if (name.length <= MAX_NAME_LENGTH) {
    return name;
  }
  const hash = createHash('sha256')
    .update(`${target.server}\0${target.name}`)
    .digest('hex')
    .slice(0, HASH_CHARS);
  return `${cut(name, MAX_NAME_LENGTH - HASH_CHARS - 1)}_${hash}`;
}

/** Half of a surrogate pair would be a name that no client can send back. */
function cut(name: string, length: number): string {
  const text = name.slice(0, length);
  return text.isWellFormed() ? text : text.slice(0, -1);
}
