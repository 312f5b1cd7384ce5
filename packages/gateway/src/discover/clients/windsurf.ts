import { join } from 'node:path';
import type { Candidate } from '../entry/candidate.ts';
import { readEntry } from '../entry/read-entry.ts';
import { windsurfRule } from '../variables/rules.ts';
import type { ReadClient } from './client.ts';
import { entriesBelow } from './plain-files.ts';

const KEYS = {
  urls: [
    ['serverUrl', 'auto'],
    ['url', 'auto'],
  ],
} as const;

/** `mcpServers` in one file per user: that of the editor, and that of its plugin for other editors. */
export const readWindsurf: ReadClient = async (library, { home, workspace }) => {
  const candidates: Candidate[] = [];
  for (const path of [['windsurf', 'mcp_config.json'], ['mcp_config.json']]) {
    const source = {
      client: 'windsurf',
      file: join(home, '.codeium', ...path),
      scope: 'user',
      variables: windsurfRule,
      workFolder: workspace,
    } as const;
    candidates.push(...(await entriesBelow(library, source, 'mcpServers', (node) => readEntry(node, KEYS))));
  }
  return candidates;
};
