import { child, type ConfigNode } from '../../config/config-node.ts';
import { candidatesOf, withDescription, type Candidate, type EntrySource } from '../entry/candidate.ts';
import type { EntryReading } from '../entry/draft.ts';
import { readEntry } from '../entry/read-entry.ts';
import type { Library } from '../document/library.ts';

/** The entries that stand below `key` at the top of a file. */
export async function entriesBelow(
  library: Library,
  source: EntrySource,
  key: string,
  read: (node: ConfigNode, name: string) => EntryReading = (node) => readEntry(node),
): Promise<readonly Candidate[]> {
  const root = await library.document(source.client, source.file);
  if (root === undefined) return [];
  return candidatesOf(source, child(root, key), (node, name) => withDescription(read(node, name), root));
}
