import { join } from 'node:path';
import { child, type ConfigNode } from '../../config/config-node.ts';
import { candidatesOf, type Candidate, type EntrySource } from '../entry/candidate.ts';
import { refuse, type EntryReading } from '../entry/draft.ts';
import { stringsAt } from '../entry/node-values.ts';
import { readEntry } from '../entry/read-entry.ts';
import { dollarRule } from '../variables/rules.ts';
import type { ReadClient } from './client.ts';

const CLIENT = 'gemini-cli';

const KEYS = {
  urls: [
    ['httpUrl', 'http'],
    ['url', 'sse'],
  ],
} as const;

/** `mcpServers` in `.gemini/settings.json` of the user and of the project; `mcp.allowed` and `mcp.excluded` choose among them. */
export const readGeminiCli: ReadClient = async (library, { home, cwd, projectFolders }) => {
  const user: EntrySource = {
    client: CLIENT,
    file: join(home, '.gemini', 'settings.json'),
    scope: 'user',
    variables: dollarRule,
    workFolder: cwd,
  };
  const userRoot = await library.document(CLIENT, user.file);
  const shared: Candidate[] = [];
  for (const folder of projectFolders) {
    const file = join(folder, '.gemini', 'settings.json');
    const root = await library.document(CLIENT, file);
    const source: EntrySource = { ...user, file, scope: 'project', workFolder: folder };
    shared.push(...candidatesOf(source, child(root, 'mcpServers'), readerOf([root, userRoot])));
  }
  return [...shared, ...candidatesOf(user, child(userRoot, 'mcpServers'), readerOf([userRoot]))];
};

function readerOf(
  roots: readonly (ConfigNode | undefined)[],
): (node: ConfigNode, name: string) => EntryReading {
  const choices = roots.map((root) => child(root, 'mcp'));
  return (node, name) => {
    const isLeftOut = choices.some(
      (choice) =>
        stringsAt(choice, 'excluded')?.includes(name) === true ||
        stringsAt(choice, 'allowed')?.includes(name) === false,
    );
    return isLeftOut
      ? refuse('disabled', 'it is left out there by "mcp.allowed" or "mcp.excluded"')
      : readEntry(node, KEYS);
  };
}
