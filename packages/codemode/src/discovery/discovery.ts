import type { JsonObject } from '@smcp/protocol';

/** How much of a tool is told. */
export type Detail = 'summary' | 'full';

/** One tool, as discovery tells of it. */
export interface ToolDoc {
  readonly server: string;
  /** Global of the server in scripts. */
  readonly serverAlias: string;
  readonly tool: string;
  /** Method in scripts. */
  readonly toolAlias: string;
  readonly description?: string | undefined;
  /** With `full`: the TypeScript declaration. */
  readonly declaration?: string | undefined;
  readonly inputSchema?: JsonObject | undefined;
  readonly outputSchema?: JsonObject | undefined;
}

export interface ServerDoc {
  readonly name: string;
  readonly alias: string;
  readonly description?: string | undefined;
  readonly cwd: string | null;
  readonly tools: readonly {
    readonly name: string;
    readonly alias: string;
    readonly description?: string | undefined;
    readonly input_schema: JsonObject;
  }[];
}

export interface SearchOptions {
  /** 1 to 20, default 5; what is beyond is taken for the nearest of them. */
  readonly limit?: number | undefined;
  readonly detail?: Detail | undefined;
  /** Told before the answer which servers could not be searched, when there are any. */
  readonly onMissing?: ((servers: readonly string[]) => void) | undefined;
}

/** What one caller can find out about the servers it may reach. Nothing that it may not call is in any answer. */
export interface Discovery {
  /** Names, or names with descriptions. Asks no server. */
  discoveredServers(
    detailed: boolean,
  ): readonly string[] | readonly { readonly name: string; readonly description: string }[];
  listTools(server: string, signal: AbortSignal): Promise<readonly ToolDoc[]>;
  /** One doc when `tool` (name or alias, in any case) is given; all of the server's otherwise. */
  queryToolDocs(
    server: string,
    options: { readonly tool?: string | undefined; readonly detail?: Detail | undefined },
    signal: AbortSignal,
  ): Promise<readonly ToolDoc[] | ToolDoc>;
  /**
   * Ranked search over every server, tolerant of typos and word order. Servers never listed before are asked, within a bound of time; those that do not answer
   * in time are left out.
   */
  searchToolDocs(query: string, options: SearchOptions, signal: AbortSignal): Promise<readonly ToolDoc[]>;
  describeServer(server: string, signal: AbortSignal): Promise<ServerDoc>;
}
