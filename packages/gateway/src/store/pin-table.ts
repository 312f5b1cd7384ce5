/** What of a server is pinned one by one. */
export type DefinitionKind = 'tool' | 'prompt';

/**
 * Why something is withheld.
 *
 * - of a server: `not_pinned` it waits for an operator; `server_changed` another program or address stands behind the name; `server_renamed` it
 *   introduces itself by another name; `version_changed` another version came together with other definitions
 * - of a definition: `changed` it differs from the pinned one; `new` it came after the others were pinned; `too_large`, `too_deep`, `too_many` it is
 *   over a bound and cannot be pinned
 */
export type HeldReason =
  | 'not_pinned'
  | 'server_changed'
  | 'server_renamed'
  | 'version_changed'
  | 'changed'
  | 'new'
  | 'too_large'
  | 'too_deep'
  | 'too_many';

/** The server behind a set of pins. Times are ISO 8601. */
export interface PinnedServer {
  readonly server: string;
  /** Grows with every change to the pins of this server, and never comes back. */
  readonly version: number;
  /** Which server it is, as canonical JSON. */
  readonly identity: string;
  /** Lists that have been seen whole; what appears on them later is new. */
  readonly lists: readonly DefinitionKind[];
  readonly firstSeenAt: string;
  /** When and by whom it was pinned; absent when it was pinned by being used. */
  readonly acceptedAt?: string;
  readonly acceptedBy?: string;
}

/** One definition that may be served. */
export interface Pin {
  readonly server: string;
  readonly kind: DefinitionKind;
  readonly name: string;
  /** `sha256:…` over the definition in canonical form. */
  readonly digest: string;
  readonly firstSeenAt: string;
  /** When and by whom it was taken over; absent when it was pinned by being seen first. */
  readonly acceptedAt?: string;
  readonly acceptedBy?: string;
}

/** Something that was seen and is withheld. The kind `server` stands for the server itself, and has its name. */
export interface HeldChange {
  readonly server: string;
  readonly kind: DefinitionKind | 'server';
  readonly name: string;
  readonly reason: HeldReason;
  /** Absent when nothing is pinned by this name. */
  readonly pinnedDigest?: string;
  readonly seenDigest: string;
  readonly seenAt: string;
}

/** A pin or a held change with the definition itself, canonical JSON; empty when that is over a bound. */
export type WithDefinition<T> = T & { readonly definition: string };

/** What a definition is found by within its server. */
export interface DefinitionKey {
  readonly kind: DefinitionKind | 'server';
  readonly name: string;
}

/** One step of changes to what is known of one server: all of it happens, or nothing. */
export interface PinChange {
  /** The version that the change was planned on, 0 for a server without pins. */
  readonly basis: number;
  /** Removes all pins but those of `pins`, the server itself, and everything held. */
  readonly reset?: boolean;
  readonly identity?: Omit<PinnedServer, 'server' | 'version'>;
  /** Replaced when there; the time of the first sight is then kept. Needs a server, be it that of this change. */
  readonly pins?: readonly WithDefinition<Omit<Pin, 'server'>>[];
  readonly hold?: readonly WithDefinition<Omit<HeldChange, 'server'>>[];
  readonly release?: readonly DefinitionKey[];
}

/** Pinned definitions, and changes to them that wait for an operator. */
export interface PinTable {
  servers(): Promise<readonly PinnedServer[]>;
  server(server: string): Promise<PinnedServer | undefined>;
  /** In the order of kind and name. */
  pins(server: string): Promise<readonly Pin[]>;
  /** Of one server or of all, in the order of server, kind and name. */
  held(server?: string): Promise<readonly HeldChange[]>;
  countHeld(): Promise<number>;
  pinnedDefinition(server: string, key: DefinitionKey): Promise<string | undefined>;
  heldDefinition(server: string, key: DefinitionKey): Promise<string | undefined>;
  /**
   * Applies one step; it is on disk when this resolves.
   *
   * @returns The version after it, 0 for a server without pins; undefined when the version is not `basis` any more, and nothing was changed.
   */
  write(server: string, change: PinChange): Promise<number | undefined>;
}
