import type { JsonObject } from '@smcp/protocol';
import type { Language } from '@smcp/sandbox';

/** A script that became a tool, in one of its versions. Immutable: a change is a new version. */
export interface SavedScript {
  readonly tenant: string;
  /** Name of the tool, `[a-z][a-z0-9_]{0,63}`. */
  readonly name: string;
  /** Counts from 1. */
  readonly version: number;
  readonly description: string;
  readonly language: Language;
  readonly code: string;
  /** JSON Schema of the arguments, which the script sees as `args`. */
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject | undefined;
  /** Servers that it may use; it can reach no others. */
  readonly servers: readonly string[];
  /** `sha256:` and hexadecimal digits over all of the above but the version. */
  readonly digest: string;
  /** Id of the principal that saved it. */
  readonly savedBy: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly state: 'waiting' | 'approved' | 'rejected' | 'retired';
  /** Who answered, and when. */
  readonly answeredBy?: string | undefined;
  readonly answeredAt?: number | undefined;
  /** What the scan before saving found worth a look. */
  readonly findings: readonly string[];
}

/** Where saved scripts are kept. */
export interface ScriptTable {
  /** Adds the next version of a name, waiting; gives it with its number. A number counts again only once all versions of its name have been forgotten. */
  add(script: Omit<SavedScript, 'version' | 'state'>): Promise<SavedScript>;
  /** The version in force: the newest approved one. */
  inForce(tenant: string, name: string): Promise<SavedScript | undefined>;
  listInForce(tenant: string): Promise<readonly SavedScript[]>;
  /** All versions, newest first. */
  versions(tenant: string, name: string): Promise<readonly SavedScript[]>;
  /** All versions in all states, by tenant and name, newest first. */
  list(tenant: string | undefined): Promise<readonly SavedScript[]>;
  count(tenant: string, savedBy: string): Promise<ScriptCounts>;
  /** Moves a version from one of the states to another; gives false when it was in none of them. */
  answer(
    key: { readonly tenant: string; readonly name: string; readonly version: number },
    change: {
      readonly from: readonly SavedScript['state'][];
      readonly to: SavedScript['state'];
      readonly by: string;
      readonly at: number;
    },
  ): Promise<boolean>;
  /** Forgets the versions of a tenant that are rejected or retired, all but the `keep` that were saved last. */
  prune(tenant: string, keep: number): Promise<void>;
}

export interface ScriptCounts {
  /** Names of the tenant with a version that waits or is approved. */
  readonly names: number;
  /** Versions that wait, of the tenant and of the one who saves. */
  readonly waiting: number;
  readonly ownWaiting: number;
}
