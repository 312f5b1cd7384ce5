import { join } from 'node:path';
import { child, entriesOf, itemsOf, quote, type ConfigNode } from '../../config/config-node.ts';
import { candidatesOf, type Candidate, type EntrySource } from '../entry/candidate.ts';
import { refuse, type EntryReading, type Pairs } from '../entry/draft.ts';
import { ifPairs, stringAt, textOf } from '../entry/node-values.ts';
import { readEntry } from '../entry/read-entry.ts';
import { ifAbsolute, type ResolvedPlaces } from '../place/resolved-places.ts';
import { noVariables } from '../variables/rules.ts';
import type { ReadClient } from './client.ts';

const CLIENT = 'codex';

/**
 * `mcp_servers` in `config.toml` of the user and of the project. Secrets are named by variable, in keys of their own. The project's file counts in Codex
 * only when the user trusts the folder, which the user's file says.
 */
export const readCodex: ReadClient = async (library, places) => {
  const { home, cwd, env, projectFolders } = places;
  const file = join(ifAbsolute(env['CODEX_HOME']) ?? join(home, '.codex'), 'config.toml');
  const root = await library.document(CLIENT, file);
  const user: EntrySource = { client: CLIENT, file, scope: 'user', variables: noVariables, workFolder: cwd };
  const read = (node: ConfigNode): EntryReading => readCodexEntry(node, places);
  const isTrusted = (folder: string): boolean =>
    stringAt(child(child(root, 'projects'), folder), 'trust_level') === 'trusted';
  // A folder inside a trusted one is trusted; a folder that is trusted says nothing about those around it.
  const approved = projectFolders.filter((_, index) => projectFolders.slice(index).some(isTrusted));

  const shared: Candidate[] = [];
  for (const folder of projectFolders) {
    const source: EntrySource = {
      ...user,
      file: join(folder, '.codex', 'config.toml'),
      scope: 'project',
      workFolder: folder,
    };
    const entries = child(await library.document(CLIENT, source.file), 'mcp_servers');
    shared.push(...candidatesOf(source, entries, read, () => approved.includes(folder)));
  }
  return [...shared, ...candidatesOf(user, child(root, 'mcp_servers'), read)];
};

function readCodexEntry(node: ConfigNode, { env }: ResolvedPlaces): EntryReading {
  const reading = readEntry(node, { headers: 'http_headers' });
  if (!reading.ok) return reading;
  const { reach } = reading.draft;
  if (reach.kind === 'command') {
    const passed = passedVariables(child(node, 'env_vars'), env);
    const own = reach.env.map(([name]) => name);
    const inherited = passed.filter(([name]) => !own.includes(name));
    return { ok: true, draft: { ...reading.draft, reach: { ...reach, env: [...inherited, ...reach.env] } } };
  }
  const named = ifPairs(child(node, 'env_http_headers'));
  if (named === undefined) return refuse('malformed', 'its env_http_headers are not an object of texts');
  const bearer = stringAt(node, 'bearer_token_env_var');
  const wanted = [
    ...named.map(([header, variable]) => ({ header, variable, scheme: '' })),
    ...(bearer === undefined ? [] : [{ header: 'Authorization', variable: bearer, scheme: 'Bearer ' }]),
  ];
  const headers = new Map(reach.headers);
  for (const { header, variable, scheme } of wanted) {
    const value = Object.hasOwn(env, variable) ? env[variable] : undefined;
    if (value === undefined)
      return refuse('variable-missing', `the environment variable ${quote(variable)} is not set`);
    headers.set(header, scheme + value);
  }
  return { ok: true, draft: { ...reading.draft, reach: { ...reach, headers: [...headers] } } };
}

/** Variables of ours that the entry asks for, by name or as `{name, source}`. Those that are not set are left out, as Codex does. */
function passedVariables(node: ConfigNode | undefined, env: ResolvedPlaces['env']): Pairs {
  return itemsOf(node).flatMap((item) => {
    const isRemote = stringAt(item, 'source') === 'remote';
    const name = entriesOf(item).length > 0 ? stringAt(item, 'name') : textOf(item);
    const value = name !== undefined && !isRemote && Object.hasOwn(env, name) ? env[name] : undefined;
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
}
