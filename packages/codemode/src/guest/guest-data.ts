import type { JsonValue } from '@smcp/protocol';

/** What the prelude of a script is given, as JSON. */
export interface GuestData {
  /** Every server that the caller may reach. */
  readonly servers: readonly GuestServer[];
  readonly discovered: readonly { readonly name: string; readonly description: string }[];
  /** What `capabilitySummary()` gives. */
  readonly summary: string;
  /** In a preview the host may answer a call with the number of a planned one. */
  readonly mode: 'run' | 'preview';
  /** Whether servers that are not loaded can be used. */
  readonly loadOnUse: boolean;
  /** Arguments of a saved script, the global `args`. */
  readonly args?: JsonValue | undefined;
}

export interface GuestServer {
  readonly name: string;
  readonly alias: string;
  readonly snake: string;
  readonly loaded: boolean;
  /** Raw name, alias and snake name of each tool; null when they are not known. */
  readonly tools: readonly GuestTool[] | null;
}

export type GuestTool = readonly [raw: string, alias: string, snake: string];

/** The one way out of a script: takes and gives what JSON can hold. */
export type GuestCall = (name: string, input: unknown) => Promise<unknown>;
