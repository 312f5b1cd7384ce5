import { join } from 'node:path';
import { child, entriesOf, type ConfigNode } from '../../config/config-node.ts';
import { MAX_STATE_FILE_BYTES } from '../document/bounds.ts';
import type { Library } from '../document/library.ts';
import { candidatesOf, type Candidate, type EntrySource } from '../entry/candidate.ts';
import { refuse, type EntryReading } from '../entry/draft.ts';
import { isTrue, stringsAt } from '../entry/node-values.ts';
import { readEntry } from '../entry/read-entry.ts';
import { ifAbsolute, type ResolvedPlaces } from '../place/resolved-places.ts';
import { shellRule } from '../variables/rules.ts';
import type { ReadClient } from './client.ts';
import { entriesBelow } from './plain-files.ts';

const CLIENT = 'claude-code';

/**
 * `~/.claude.json` has servers of the user at the top and those of single folders below `projects`; `.mcp.json` has those that come with a folder, which
 * the user approves or refuses one by one. Older versions had `claude_code_config.json`.
 */
export const readClaudeCode: ReadClient = async (library, places) => {
  const { home, cwd, env, applicationData } = places;
  const configFolder = ifAbsolute(env['CLAUDE_CONFIG_DIR']);
  const stateFile = join(configFolder ?? home, '.claude.json');
  const state = await library.document(CLIENT, stateFile, MAX_STATE_FILE_BYTES);
  const projects = projectNodes(state, places);
  const choice = await readChoice(library, configFolder ?? join(home, '.claude'), places, projects);
  const user: EntrySource = {
    client: CLIENT,
    file: stateFile,
    scope: 'user',
    variables: shellRule,
    workFolder: cwd,
  };
  const read = (node: ConfigNode, name: string): EntryReading =>
    choice.off.has(name) ? refuse('disabled', 'it is turned off there for this folder') : readEntry(node);

  const local = projects.flatMap((project) =>
    candidatesOf({ ...user, scope: 'local' }, child(project, 'mcpServers'), read),
  );
  const shared: Candidate[] = [];
  for (const folder of places.projectFolders) {
    const file = join(folder, '.mcp.json');
    const source: EntrySource = { ...user, file, scope: 'project', workFolder: folder };
    const root = await library.document(CLIENT, file);
    const readShared = (node: ConfigNode, name: string): EntryReading =>
      choice.refused.has(name) ? refuse('disabled', 'it was refused in Claude Code') : read(node, name);
    shared.push(
      ...candidatesOf(
        source,
        child(root, 'mcpServers'),
        readShared,
        (name) => choice.all || choice.approved.has(name),
      ),
    );
    const older = { ...source, file: join(folder, 'claude_code_config.json') };
    shared.push(...(await entriesBelow(library, older, 'mcpServers')));
  }
  const older: Candidate[] = [];
  for (const program of ['Claude Code', 'Claude']) {
    const file = join(applicationData, program, 'claude_code_config.json');
    older.push(...(await entriesBelow(library, { ...user, file }, 'mcpServers')));
  }
  return [...local, ...shared, ...candidatesOf(user, child(state, 'mcpServers'), read), ...older];
};

/** What the file says about the working folder and those above it, nearest first. Keys are paths, with `/` on every system. */
function projectNodes(state: ConfigNode | undefined, { ancestors }: ResolvedPlaces): readonly ConfigNode[] {
  const byPath = new Map(entriesOf(child(state, 'projects')).map(([path, node]) => [plainPath(path), node]));
  return ancestors.flatMap((folder) => byPath.get(plainPath(folder)) ?? []);
}

function plainPath(path: string): string {
  return path.replaceAll('\\', '/').replace(/(?<=.)\/$/, '');
}

/** What the user said about servers by name. */
interface Choice {
  /** Turned off, wherever they come from. */
  readonly off: ReadonlySet<string>;
  /** Of those in `.mcp.json`. */
  readonly approved: ReadonlySet<string>;
  readonly refused: ReadonlySet<string>;
  /** Every server of `.mcp.json` is approved. */
  readonly all: boolean;
}

/** Only files of the user count: the settings that come with the folder could approve themselves. */
async function readChoice(
  library: Library,
  configFolder: string,
  places: ResolvedPlaces,
  projects: readonly ConfigNode[],
): Promise<Choice> {
  const settings = await library.document(CLIENT, join(configFolder, 'settings.json'));
  const inFolders = places.projectIsTrusted
    ? await Promise.all(
        places.projectFolders.map((folder) =>
          library.document(CLIENT, join(folder, '.claude', 'settings.local.json')),
        ),
      )
    : [];
  const all = [...projects, settings, ...inFolders];
  const names = (key: string): ReadonlySet<string> =>
    new Set(all.flatMap((node) => stringsAt(node, key) ?? []));
  return {
    off: names('disabledMcpServers'),
    approved: names('enabledMcpjsonServers'),
    refused: names('disabledMcpjsonServers'),
    all: [settings, ...inFolders].some((node) => isTrue(node, 'enableAllProjectMcpServers')),
  };
}
