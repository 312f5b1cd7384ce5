import { join } from 'node:path';
import { child, entriesOf, type ConfigNode } from '../../config/config-node.ts';
import { candidatesOf, type Candidate, type EntrySource } from '../entry/candidate.ts';
import { refuse, type EntryReading } from '../entry/draft.ts';
import { readEntry } from '../entry/read-entry.ts';
import { ifAbsolute } from '../place/resolved-places.ts';
import { openCodeRule } from '../variables/rules.ts';
import type { ReadClient } from './client.ts';

const CLIENT = 'opencode';
const FILES = ['opencode.jsonc', 'opencode.json'] as const;
const KEYS = { env: 'environment' } as const;

/** `mcp`, or in version 2 `mcp.servers`, in `opencode.json` or `.jsonc` of the user and of the project. */
export const readOpenCode: ReadClient = async (library, { configHome, workspace, env, projectFolders }) => {
  const sources: EntrySource[] = [];
  const add = (folder: string, scope: EntrySource['scope'], workFolder: string): void => {
    for (const name of FILES)
      sources.push({ client: CLIENT, file: join(folder, name), scope, variables: openCodeRule, workFolder });
  };
  for (const folder of projectFolders) {
    add(folder, 'project', folder);
    add(join(folder, '.opencode'), 'project', folder);
  }
  const named = ifAbsolute(env['OPENCODE_CONFIG']);
  if (named !== undefined)
    sources.push({
      client: CLIENT,
      file: named,
      scope: 'user',
      variables: openCodeRule,
      workFolder: workspace,
    });
  add(ifAbsolute(env['OPENCODE_CONFIG_DIR']) ?? join(configHome, 'opencode'), 'user', workspace);

  const candidates: Candidate[] = [];
  for (const source of sources) {
    const mcp = child(await library.document(CLIENT, source.file), 'mcp');
    const nested = child(mcp, 'servers');
    // A server may itself be called "servers" in version 1; it has a type or a switch then, where version 2 has only maps.
    const isNested = nested?.kind === 'map' && entriesOf(nested).every(([, node]) => node.kind === 'map');
    const flat = mcp?.kind === 'map' && isNested ? without(mcp, ['servers', 'timeout']) : mcp;
    if (isNested) candidates.push(...candidatesOf(source, nested, readOpenCodeEntry));
    candidates.push(...candidatesOf(source, flat, readOpenCodeEntry));
  }
  return candidates;
};

function without(node: ConfigNode & { readonly kind: 'map' }, keys: readonly string[]): ConfigNode {
  return { ...node, entries: new Map([...node.entries].filter(([key]) => !keys.includes(key))) };
}

/** `{"enabled": true}` alone switches on what an organization offers from afar. */
function readOpenCodeEntry(node: ConfigNode): EntryReading {
  const reading = readEntry(node, KEYS);
  const isSwitch = child(node, 'type') === undefined && child(node, 'enabled') !== undefined;
  return !reading.ok && reading.code === 'malformed' && isSwitch
    ? refuse('unsupported', 'it only switches on a server that is configured elsewhere')
    : reading;
}
