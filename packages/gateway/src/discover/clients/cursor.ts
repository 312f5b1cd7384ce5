import { join } from 'node:path';
import type { Candidate, EntrySource } from '../entry/candidate.ts';
import { editorRule } from '../variables/rules.ts';
import type { ReadClient } from './client.ts';
import { entriesBelow } from './plain-files.ts';

/** `mcpServers` in `.cursor/mcp.json` of the user and of the project. */
export const readCursor: ReadClient = async (library, { home, workspace, projectFolders }) => {
  const user: EntrySource = {
    client: 'cursor',
    file: join(home, '.cursor', 'mcp.json'),
    scope: 'user',
    variables: editorRule,
    workFolder: workspace,
  };
  const shared: Candidate[] = [];
  for (const folder of projectFolders) {
    const file = join(folder, '.cursor', 'mcp.json');
    const source: EntrySource = { ...user, file, scope: 'project', workFolder: folder };
    shared.push(...(await entriesBelow(library, source, 'mcpServers')));
  }
  return [...shared, ...(await entriesBelow(library, user, 'mcpServers'))];
};
