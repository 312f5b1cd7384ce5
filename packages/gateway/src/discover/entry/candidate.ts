import { entriesOf, type ConfigNode, type ConfigPath } from '../../config/config-node.ts';
import type { ClientId, Origin, OriginScope } from '../discovery.ts';
import type { VariableRule } from '../variables/variable-rule.ts';
import type { EntryReading } from './draft.ts';
import { stringAt } from './node-values.ts';

/** Entries of one map that are looked at, and of all files together. */
export const MAX_ENTRIES = 2000;

/** One entry of one file, read but not judged. */
export interface Candidate {
  /** As the file has it. */
  readonly name: string;
  readonly origin: Origin;
  readonly reading: EntryReading;
  readonly variables: VariableRule;
  /** The folder that the client works in when it uses this entry, absolute. */
  readonly workFolder: string;
  /** Whether the user approved this very entry in the client, although it comes with the folder. */
  readonly isApproved: boolean;
}

/** What the entries of one file have in common. */
export interface EntrySource {
  readonly client: ClientId;
  readonly file: string;
  readonly scope: OriginScope;
  readonly variables: VariableRule;
  readonly workFolder: string;
}

/** The candidates of a map of entries, such as `mcpServers`. */
export function candidatesOf(
  source: EntrySource,
  entries: ConfigNode | undefined,
  read: (node: ConfigNode, name: string) => EntryReading,
  approves: (name: string) => boolean = () => false,
): readonly Candidate[] {
  return entriesOf(entries)
    .slice(0, MAX_ENTRIES + 1)
    .map(([name, node]) => ({
      name,
      origin: originOf(source, node),
      reading: read(node, name),
      variables: source.variables,
      workFolder: source.workFolder,
      isApproved: approves(name),
    }));
}

export function originOf({ client, file, scope }: EntrySource, node: ConfigNode): Origin {
  const at = node.keyAt ?? (file.endsWith('.toml') ? undefined : node.at);
  return {
    client,
    file,
    pointer: pointerOf(node.path),
    ...(at === undefined ? {} : { line: at.line }),
    scope,
  };
}

function pointerOf(path: ConfigPath): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Gives entries without a description that of their file. */
export function withDescription(reading: EntryReading, root: ConfigNode): EntryReading {
  const description = stringAt(root, 'description');
  if (!reading.ok || reading.draft.description !== undefined || description === undefined) return reading;
  return { ok: true, draft: { ...reading.draft, description } };
}
