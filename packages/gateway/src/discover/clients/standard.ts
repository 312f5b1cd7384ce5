import { basename, join } from 'node:path';
import { child, type ConfigNode } from '../../config/config-node.ts';
import type { Library } from '../document/library.ts';
import {
  candidatesOf,
  originOf,
  withDescription,
  type Candidate,
  type EntrySource,
} from '../entry/candidate.ts';
import { readEntry } from '../entry/read-entry.ts';
import { ifAbsolute, type ResolvedPlaces } from '../place/resolved-places.ts';
import { sharedRule } from '../variables/rules.ts';
import type { ReadClient } from './client.ts';

const CLIENT = 'standard';
const ENTRY_KEYS = ['command', 'url', 'serverUrl', 'httpUrl'] as const;
const KEYS = {
  urls: [
    ['url', 'auto'],
    ['serverUrl', 'auto'],
    ['httpUrl', 'http'],
  ],
} as const;

/** Folders with a file per server or per set of servers, and the file in `MCP_SERVERS_CONFIG`. */
export const readStandard: ReadClient = async (library, places) => {
  const { home, configHome, cwd, env, applicationData, projectFolders } = places;
  const source = { client: CLIENT, variables: sharedRule } as const;
  const candidates: Candidate[] = [];
  for (const folder of projectFolders) {
    const files = await library.jsonFiles(CLIENT, join(folder, 'mcp-servers'));
    for (const file of files)
      candidates.push(
        ...(await readFile(library, { ...source, file, scope: 'project', workFolder: folder })),
      );
  }
  for (const folder of [
    join(configHome, 'mcp', 'servers'),
    join(home, 'MCPs'),
    join(applicationData, 'Claude Code', 'mcp', 'servers'),
    join(applicationData, 'Claude', 'mcp', 'servers'),
  ]) {
    for (const file of await library.jsonFiles(CLIENT, folder))
      candidates.push(...(await readFile(library, { ...source, file, scope: 'user', workFolder: cwd })));
  }
  const named = namedFile(library, env, places);
  if (named !== undefined)
    candidates.push(
      ...(await readFile(library, { ...source, file: named, scope: 'named', workFolder: cwd })),
    );
  return candidates;
};

function namedFile(
  library: Library,
  env: ResolvedPlaces['env'],
  { cwd }: ResolvedPlaces,
): string | undefined {
  const named = env['MCP_SERVERS_CONFIG'] ?? '';
  if (named === '') return undefined;
  const file = ifAbsolute(named);
  if (file === undefined)
    library.report(CLIENT, join(cwd, named), 'MCP_SERVERS_CONFIG must be an absolute path');
  return file;
}

/** `mcpServers` or `servers`, or a single entry that is called like its file. */
async function readFile(library: Library, source: EntrySource): Promise<readonly Candidate[]> {
  const root = await library.document(CLIENT, source.file);
  if (root === undefined) return [];
  const read = (node: ConfigNode) => withDescription(readEntry(node, KEYS), root);
  const entries = child(root, 'mcpServers') ?? child(root, 'servers');
  if (entries !== undefined) return candidatesOf(source, entries, read);
  if (!ENTRY_KEYS.some((key) => child(root, key) !== undefined)) return [];
  return [
    {
      name: basename(source.file, '.json'),
      origin: originOf(source, root),
      reading: read(root),
      variables: source.variables,
      workFolder: source.workFolder,
      isApproved: false,
    },
  ];
}
