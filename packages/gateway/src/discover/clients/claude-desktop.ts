import { join } from 'node:path';
import type { Candidate, EntrySource } from '../entry/candidate.ts';
import { noVariables } from '../variables/rules.ts';
import type { ReadClient } from './client.ts';
import { entriesBelow } from './plain-files.ts';

const FILE = 'claude_desktop_config.json';

/** `mcpServers` in one file per user; texts are taken as they are. */
export const readClaudeDesktop: ReadClient = async (library, { applicationData, cwd, projectFolders }) => {
  const user: EntrySource = {
    client: 'claude-desktop',
    file: join(applicationData, 'Claude', FILE),
    scope: 'user',
    variables: noVariables,
    workFolder: cwd,
  };
  const shared: Candidate[] = [];
  for (const folder of projectFolders) {
    const source: EntrySource = { ...user, file: join(folder, FILE), scope: 'project', workFolder: folder };
    shared.push(...(await entriesBelow(library, source, 'mcpServers')));
  }
  return [...shared, ...(await entriesBelow(library, user, 'mcpServers'))];
};
