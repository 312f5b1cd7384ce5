import { join } from 'node:path';
import { child } from '../../config/config-node.ts';
import { candidatesOf, type Candidate, type EntrySource } from '../entry/candidate.ts';
import { readEntry } from '../entry/read-entry.ts';
import { editorRule } from '../variables/rules.ts';
import type { ReadClient } from './client.ts';
import { entriesBelow } from './plain-files.ts';

const CLIENT = 'vscode';
const EDITIONS = ['Code', 'Code - Insiders'] as const;

/**
 * `servers` in `.vscode/mcp.json` of the project and in `mcp.json` of the user; older versions had them below `mcp` in `settings.json`. What `inputs`
 * ask the user for nobody else knows.
 */
export const readVsCode: ReadClient = async (library, { applicationData, workspace, projectFolders }) => {
  const candidates: Candidate[] = [];
  const user = { client: CLIENT, scope: 'user', variables: editorRule, workFolder: workspace } as const;
  for (const folder of projectFolders) {
    const file = join(folder, '.vscode', 'mcp.json');
    const source: EntrySource = { ...user, file, scope: 'project', workFolder: folder };
    candidates.push(...(await entriesBelow(library, source, 'servers')));
  }
  for (const edition of EDITIONS) {
    const folder = join(applicationData, edition, 'User');
    const source: EntrySource = { ...user, file: join(folder, 'mcp.json') };
    candidates.push(...(await entriesBelow(library, source, 'servers')));
    const settingsFile = join(folder, 'settings.json');
    const settings = await library.document(CLIENT, settingsFile);
    for (const entries of [child(child(settings, 'mcp'), 'servers'), child(settings, 'mcp.servers')])
      candidates.push(...candidatesOf({ ...user, file: settingsFile }, entries, (node) => readEntry(node)));
  }
  return candidates;
};
