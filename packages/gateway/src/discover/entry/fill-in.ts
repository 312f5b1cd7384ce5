import { dirname, isAbsolute, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { isDangerousVariable, isVariableName } from '../../config/process-environment.ts';
import { isReservedHeader } from '../../config/http-header.ts';
import { quote } from '../../config/config-node.ts';
import type { FoundSpec } from '../discovery.ts';
import { Hidden } from '../hidden.ts';
import type { Disk } from '../place/disk.ts';
import type { ResolvedPlaces } from '../place/resolved-places.ts';
import { withHome } from '../place/with-home.ts';
import { decoded } from '../show/mask-url.ts';
import { isSecretKey, looksRandom } from '../show/secret-like.ts';
import { atLeastMinimal, showReach } from '../show/shown.ts';
import { Expander, type Refusal } from '../variables/expand.ts';
import type { Candidate } from './candidate.ts';
import type { Draft, DraftReach, Pairs } from './draft.ts';

const MAX_ENV_FILE_BYTES = 64 * 1024;

/** An entry with every variable filled in. */
export interface Filled {
  readonly ok: true;
  readonly spec: FoundSpec;
  readonly shown: string;
  readonly notes: readonly string[];
  readonly secretValues: readonly string[];
}

/** Fills in what an entry refers to. Paths become absolute, and what our configuration cannot carry without harm is left out with a note. */
export async function fillIn(
  candidate: Candidate,
  draft: Draft,
  places: ResolvedPlaces,
  disk: Disk,
): Promise<Filled | Refusal> {
  const { origin, variables, workFolder } = candidate;
  const folders = { file: dirname(origin.file), work: workFolder };
  const expander = new Expander(variables, places, folders, disk);
  const { reach } = draft;
  const filled =
    reach.kind === 'url'
      ? await fillUrl(reach, expander)
      : await fillCommand(reach, expander, candidate, places, disk);
  if ('code' in filled) return filled;
  const { spec, notes, secrets } = filled;
  const shown = showReach(spec, expander.secrets);
  return {
    ok: true,
    spec,
    shown: shown.text,
    notes,
    secretValues: atLeastMinimal([...expander.secrets, ...secrets, ...shown.secrets]),
  };
}

interface Parts {
  readonly spec: FoundSpec;
  readonly notes: readonly string[];
  readonly secrets: readonly string[];
}

async function fillUrl(reach: DraftReach & { kind: 'url' }, expander: Expander): Promise<Parts | Refusal> {
  const address = await expander.expand(reach.url);
  if (!address.ok) return address;
  const url = URL.parse(address.text);
  if (url === null || !/^https?:$/.test(url.protocol))
    return { ok: false, code: 'unsupported', reason: 'its address does not start with https:// or http://' };
  const written = await fillPairs(reach.headers, expander);
  if ('code' in written) return written;
  const notes: string[] = [];
  const headers = new Map<string, string>();
  for (const [name, value] of written) {
    if (isReservedHeader(name)) notes.push(`the header ${quote(name)} was left out: the connection sets it`);
    else headers.set(name, value);
  }
  const login = takeLogin(url);
  const hasOwn = [...headers.keys()].some((name) => name.toLowerCase() === 'authorization');
  if (login !== undefined && !hasOwn) headers.set('Authorization', login);
  url.hash = '';
  const spec: FoundSpec = {
    kind: 'url',
    url: url.href,
    transport: reach.transport,
    headers: new Hidden(Object.freeze(Object.fromEntries(headers))),
  };
  return { spec, notes, secrets: [] };
}

/** RFC 7617: what stands before the `@` of an address is sent as this header. */
function takeLogin(url: URL): string | undefined {
  const { username, password } = url;
  if (username === '' && password === '') return undefined;
  url.username = '';
  url.password = '';
  const text = [username, password].map(decoded).join(':');
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

async function fillCommand(
  reach: DraftReach & { kind: 'command' },
  expander: Expander,
  { workFolder, origin }: Candidate,
  places: ResolvedPlaces,
  disk: Disk,
): Promise<Parts | Refusal> {
  const command = await expander.expand(reach.command);
  if (!command.ok) return command;
  const args: string[] = [];
  for (const arg of reach.args) {
    const filled = await expander.expand(arg);
    if (!filled.ok) return filled;
    args.push(filled.text);
  }
  const written = await fillPairs(reach.env, expander);
  if ('code' in written) return written;
  const fromFile = await readEnvFile(reach.envFile, expander, workFolder, places, disk);
  if ('code' in fromFile) return fromFile;
  const folder = reach.cwd === undefined ? undefined : await expander.expand(reach.cwd);
  if (folder?.ok === false) return folder;

  const { env, notes } = usableVariables(new Map([...fromFile, ...written]));
  const home = (path: string): string => withHome(path, places.home);
  const start = origin.scope === 'project' ? workFolder : places.cwd;
  const cwd = folder === undefined ? start : resolve(start, home(folder.text));
  const program = home(command.text);
  const isRelative = /[/\\]/.test(program) && !isAbsolute(program);
  const spec: FoundSpec = {
    kind: 'command',
    command: isRelative ? resolve(cwd, program) : program,
    args,
    env: new Hidden(Object.freeze(env)),
    ...(cwd === places.cwd ? {} : { cwd }),
  };
  const secrets = Object.entries(env).flatMap(([name, value]) =>
    isSecretKey(name) || looksRandom(value) ? [value] : [],
  );
  return { spec, notes, secrets };
}

async function fillPairs(pairs: Pairs, expander: Expander): Promise<Pairs | Refusal> {
  const filled: [string, string][] = [];
  for (const [name, text] of pairs) {
    const value = await expander.expand(text);
    if (!value.ok) return value;
    filled.push([name, value.text]);
  }
  return filled;
}

async function readEnvFile(
  named: string | undefined,
  expander: Expander,
  workFolder: string,
  { home }: ResolvedPlaces,
  disk: Disk,
): Promise<Pairs | Refusal> {
  if (named === undefined) return [];
  const path = await expander.expand(named);
  if (!path.ok) return path;
  const reading = await disk.readFile(resolve(workFolder, withHome(path.text, home)), MAX_ENV_FILE_BYTES);
  if (!reading.ok)
    return { ok: false, code: 'variable-missing', reason: `the file ${quote(named)} ${reading.reason}` };
  return Object.entries(parseEnv(reading.text)).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
}

function usableVariables(given: ReadonlyMap<string, string>): {
  readonly env: Record<string, string>;
  readonly notes: readonly string[];
} {
  const usable = [...given].filter(([name]) => isVariableName(name));
  const refused = [...given.keys()].filter((name) => !isVariableName(name));
  const strong = usable.map(([name]) => name).filter(isDangerousVariable);
  return {
    env: Object.fromEntries(usable),
    notes: [
      ...refused.map((name) => `the variable ${quote(name)} was left out: it is no name of a variable`),
      ...(strong.length === 0
        ? []
        : [`it sets ${strong.join(', ')}, which changes what runs or where it connects`]),
    ],
  };
}
