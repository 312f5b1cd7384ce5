import { join } from 'node:path';
import { child, type ConfigNode } from '../../config/config-node.ts';
import type { Candidate, EntrySource } from '../entry/candidate.ts';
import { refuse, type EntryReading } from '../entry/draft.ts';
import { stringAt } from '../entry/node-values.ts';
import { readEntry } from '../entry/read-entry.ts';
import { noVariables } from '../variables/rules.ts';
import type { ReadClient } from './client.ts';
import { entriesBelow } from './plain-files.ts';

/** `context_servers` in `settings.json` of the user and of the project. */
export const readZed: ReadClient = async (library, places) => {
  const { home, configHome, applicationData, platform, workspace, projectFolders } = places;
  const folder =
    platform === 'win32'
      ? join(applicationData, 'Zed')
      : join(platform === 'darwin' ? join(home, '.config') : configHome, 'zed');
  const user: EntrySource = {
    client: 'zed',
    file: join(folder, 'settings.json'),
    scope: 'user',
    variables: noVariables,
    workFolder: workspace,
  };
  const shared: Candidate[] = [];
  for (const project of projectFolders) {
    const file = join(project, '.zed', 'settings.json');
    const source: EntrySource = { ...user, file, scope: 'project', workFolder: project };
    shared.push(...(await entriesBelow(library, source, 'context_servers', readZedEntry)));
  }
  return [...shared, ...(await entriesBelow(library, user, 'context_servers', readZedEntry))];
};

/** Extensions bring their own command, which their entry does not tell. */
function readZedEntry(node: ConfigNode): EntryReading {
  const isOfExtension =
    stringAt(node, 'source') === 'extension' ||
    (child(node, 'settings') !== undefined &&
      child(node, 'command') === undefined &&
      child(node, 'url') === undefined);
  return isOfExtension ? refuse('unsupported', 'it belongs to an extension of Zed') : readEntry(node);
}
