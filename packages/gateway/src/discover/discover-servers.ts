import { readClients } from './clients/all-clients.ts';
import type { ClientId, Discovery, Places } from './discovery.ts';
import { CLIENTS } from './discovery.ts';
import { Library } from './document/library.ts';
import { MAX_ENTRIES, type Candidate } from './entry/candidate.ts';
import { NESTED_VARIABLE } from './inherited-environment.ts';
import { Judge } from './judge/judge.ts';
import { realDisk, type Disk } from './place/disk.ts';
import { resolvePlaces } from './place/resolved-places.ts';

const RANK = { local: 0, project: 0, user: 1, named: 2 } as const;

export interface DiscoverOptions {
  /** Default: the file system. */
  readonly disk?: Disk;
  /** Names that no found server may have. Default: `smcp` and `scripts`, those of the gateway's own tools. */
  readonly reservedNames?: readonly string[];
}

/**
 * Finds the MCP servers that the user has configured in other programs.
 *
 * Starts and reaches nothing, and does not check that programs exist. What is written for a folder counts before what is written for the user, and among
 * equals the order of {@link CLIENTS} decides. Entries that lead back to this program are passed over; below a server that this program started nothing is
 * found at all, so that it cannot start itself round and round.
 */
export async function discoverServers(places: Places, options: DiscoverOptions = {}): Promise<Discovery> {
  const { disk = realDisk, reservedNames = ['smcp', 'scripts'] } = options;
  const library = new Library(disk);
  if ((places.env[NESTED_VARIABLE] ?? '') !== '') {
    const message = `It runs below itself (${NESTED_VARIABLE} is set); nothing was looked for`;
    return { found: [], skipped: [], problems: [{ client: 'standard', file: places.cwd, message }] };
  }
  const resolved = await resolvePlaces(places, disk);
  const clients = Object.keys(CLIENTS).filter((name): name is ClientId => Object.hasOwn(readClients, name));
  const entries: Candidate[] = [];
  for (const client of clients) entries.push(...(await readClients[client](library, resolved)));
  if (entries.length > MAX_ENTRIES) {
    const client = entries[MAX_ENTRIES]?.origin.client ?? 'standard';
    library.report(client, places.home, `More than ${MAX_ENTRIES} entries; the rest was not looked at`);
  }
  const judge = new Judge(resolved, disk, reservedNames);
  for (const entry of inOrder(entries).slice(0, MAX_ENTRIES)) await judge.take(entry);
  return { found: judge.found, skipped: judge.skipped, problems: library.problems };
}

/** Strongest first; the sort keeps the order of clients, and within a client its own. An entry that was read in two ways counts once. */
function inOrder(entries: readonly Candidate[]): readonly Candidate[] {
  const byPlace = new Map<string, Candidate>();
  for (const entry of entries) {
    const { client, file, pointer } = entry.origin;
    const place = `${client}\0${file}\0${pointer}`;
    if (!byPlace.has(place)) byPlace.set(place, entry);
  }
  return [...byPlace.values()].sort((left, right) => RANK[left.origin.scope] - RANK[right.origin.scope]);
}
