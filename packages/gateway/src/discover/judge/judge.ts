import { quote } from '../../config/config-node.ts';
import { CLIENTS, type FoundServer, type Origin, type SkipCode, type SkippedServer } from '../discovery.ts';
import type { Candidate } from '../entry/candidate.ts';
import type { Draft } from '../entry/draft.ts';
import { fillIn, type Filled } from '../entry/fill-in.ts';
import { Hidden } from '../hidden.ts';
import type { Disk } from '../place/disk.ts';
import { shortPlace, type ResolvedPlaces } from '../place/resolved-places.ts';
import { showReach } from '../show/shown.ts';
import { ifUnusable } from './check-usable.ts';
import { isOwnServer } from './own-server.ts';
import { cleanName, freeName } from './server-names.ts';
import { sameSpec } from './same-spec.ts';

const MAX_FOUND = 256;

interface Taken {
  readonly server: FoundServer;
  readonly place: number;
}

/** Decides entry by entry, strongest first, what is taken and why the rest is not. */
export class Judge {
  readonly #places: ResolvedPlaces;
  readonly #disk: Disk;
  readonly #names: Set<string>;
  readonly #found: FoundServer[] = [];
  readonly #skipped: SkippedServer[] = [];
  /** By the name in the file. */
  readonly #taken = new Map<string, Taken>();
  /** Client and name of what was turned off, with the file that says so. */
  readonly #turnedOff = new Map<string, string>();

  constructor(places: ResolvedPlaces, disk: Disk, reservedNames: readonly string[]) {
    this.#places = places;
    this.#disk = disk;
    this.#names = new Set(reservedNames);
  }

  get found(): readonly FoundServer[] {
    return this.#found;
  }

  get skipped(): readonly SkippedServer[] {
    return this.#skipped;
  }

  async take(candidate: Candidate): Promise<void> {
    const { name, origin, reading, isApproved } = candidate;
    const isTrusted = origin.scope !== 'project' || isApproved || this.#places.projectIsTrusted;
    if (!reading.ok) {
      if (reading.code === 'disabled' && isTrusted) this.#turnedOff.set(offKey(origin, name), origin.file);
      this.#skip(candidate, reading.code, reading.reason);
      return;
    }
    const { reach } = reading.draft;
    if (reach.kind === 'command' && isOwnServer(reach.command, reach.args)) {
      this.#skip(candidate, 'self', 'it is this program');
      return;
    }
    if (!isTrusted) {
      this.#skip(
        candidate,
        'untrusted-folder',
        'it comes with this folder, which was not said to be trusted',
      );
      return;
    }
    const offIn = this.#turnedOff.get(offKey(origin, name));
    if (offIn !== undefined) {
      this.#skip(candidate, 'disabled', `it is turned off in ${shortPlace(offIn, this.#places)}`);
      return;
    }
    const filled = await fillIn(candidate, reading.draft, this.#places, this.#disk);
    if (!filled.ok) {
      this.#skip(candidate, filled.code, filled.reason);
      return;
    }
    if (filled.spec.kind === 'command' && isOwnServer(filled.spec.command, filled.spec.args)) {
      this.#skip(candidate, 'self', 'it is this program');
      return;
    }
    await this.#settle(candidate, reading.draft, filled);
  }

  async #settle(candidate: Candidate, draft: Draft, filled: Filled): Promise<void> {
    const { name, origin } = candidate;
    const taken = this.#taken.get(name);
    if (taken !== undefined) {
      this.#meet(candidate, taken, filled);
      return;
    }
    if (this.#found.length >= MAX_FOUND) {
      this.#skip(candidate, 'too-many', `there are more than ${MAX_FOUND} servers`);
      return;
    }
    const ourName = freeName(cleanName(name), (wanted) => this.#names.has(wanted));
    const { reach: _, tools, notes, ...rest } = draft;
    const parts = { ...rest, spec: filled.spec };
    const refusal = await ifUnusable(ourName, parts, this.#places.cwd);
    if (refusal !== undefined) {
      this.#skip(candidate, 'unsupported', refusal);
      return;
    }
    const renamed = ourName === name ? [] : [`it is called ${quote(name)} there`];
    const server: FoundServer = {
      ...parts,
      name: ourName,
      origins: [origin],
      shown: filled.shown,
      tools,
      notes: [...renamed, ...notes, ...filled.notes],
      secretValues: new Hidden(filled.secretValues),
    };
    this.#names.add(ourName);
    this.#taken.set(name, { server, place: this.#found.length });
    this.#found.push(server);
  }

  /** A second entry of a name: the same again, or another one that loses. */
  #meet(candidate: Candidate, { server, place }: Taken, { spec }: Filled): void {
    const { name, origin } = candidate;
    if (sameSpec(server.spec, spec)) {
      const merged = { ...server, origins: [...server.origins, origin] as const };
      this.#found[place] = merged;
      this.#taken.set(name, { server: merged, place });
      return;
    }
    const [first] = server.origins;
    const from = `${CLIENTS[first.client]} (${shortPlace(first.file, this.#places)})`;
    this.#skip(candidate, 'duplicate', `another ${quote(name)} was taken from ${from}`);
  }

  #skip({ name, origin, reading }: Candidate, code: SkipCode, reason: string): void {
    // Variables are not filled in here: nothing of ours may show in what others wrote.
    const shown = reading.ok ? { shown: showReach(reading.draft.reach, []).text } : {};
    this.#skipped.push({ name, origin, code, reason, ...shown });
  }
}

function offKey({ client }: Origin, name: string): string {
  return `${client}\0${name}`;
}
