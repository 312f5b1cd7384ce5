/** Helpers that are the same in both spellings, as members of `runtime` and as globals. */
const HELPERS: readonly (readonly [camel: string, snake: string, type: string])[] = [
  ['discoveredServers', 'discovered_servers', 'DiscoveredServers'],
  ['listServers', 'list_servers', '() => Promise<string[]>'],
  ['listTools', 'list_tools', '(server: string | { server: string }) => Promise<ToolDoc[]>'],
  ['queryToolDocs', 'query_tool_docs', 'QueryToolDocs'],
  ['searchToolDocs', 'search_tool_docs', 'SearchToolDocs'],
  ['describeServer', 'describe_server', '(server: string | { server: string }) => Promise<ServerDoc>'],
  ['listLoadedServerMetadata', 'list_loaded_server_metadata', '() => Promise<ServerDoc[]>'],
  ['capabilitySummary', 'capability_summary', '() => string'],
  ['fetchOutput', 'fetch_output', 'FetchOutput'],
  ['saveScript', 'save_script', 'SaveScript'],
  ['saveScript', 'smcp_save', 'SaveScript'],
  ['saveScript', 'save_tool', 'SaveScript'],
];

const ALL: ReadonlyMap<string, string> = new Map(
  HELPERS.flatMap(([camel, snake, type]) => [
    [camel, type],
    [snake, type],
  ]),
);

/** Discovery, saved scripts, and `runtime`. */
export const HELPER_DECLARATIONS: string = `interface ToolDoc {
  server: string;
  serverAlias: string;
  tool: string;
  toolAlias: string;
  description?: string;
  declaration?: string;
  inputSchema?: Record<string, any>;
  outputSchema?: Record<string, any>;
}
interface ServerDoc {
  name: string;
  alias: string;
  description?: string;
  cwd: string | null;
  tools: { name: string; alias: string; description?: string; input_schema: Record<string, any> }[];
}
type Detail = 'summary' | 'full';
interface DiscoveredServers {
  (options?: false | { detailed?: false }): string[];
  (options: true | { detailed: true }): { name: string; description: string }[];
}
interface QueryToolDocs {
  (server: string, tool: string, detail?: Detail | { detail?: Detail }): Promise<ToolDoc>;
  (server: string, options: { tool: string; detail?: Detail }): Promise<ToolDoc>;
  (request: { server: string; tool: string; detail?: Detail }): Promise<ToolDoc>;
  (server: string, options?: { tool?: undefined; detail?: Detail } | null, detail?: Detail): Promise<ToolDoc[]>;
  (request: { server: string; tool?: undefined; detail?: Detail }): Promise<ToolDoc[]>;
}
interface SearchToolDocs {
  (query: string, options?: { limit?: number; detail?: Detail } | number | null, detail?: Detail): Promise<ToolDoc[]>;
  (request: { query: string; limit?: number; detail?: Detail }): Promise<ToolDoc[]>;
}
interface FetchOutput {
  (handle: string, options?: { from?: number; to?: number } | number | null, to?: number): Promise<any>;
  (request: { handle: string; from?: number; to?: number }): Promise<any>;
}
interface ScriptOptions {
  name?: string;
  description?: string;
  /** JSON Schema of the arguments and of the result. */
  input?: Record<string, unknown>;
  output?: Record<string, unknown>;
  /** Servers that it may use. */
  servers?: string[];
  [option: string]: unknown;
}
interface SaveScript {
  (script: ScriptOptions & { name: string; code: string }): Promise<any>;
  (script: ScriptOptions & { function: (args: any) => unknown }): Promise<any>;
  (script: (args: any) => unknown, options?: ScriptOptions): Promise<any>;
}
${[...ALL].map(([name, type]) => `declare const ${name}: ${type};`).join('\n')}
declare const runtime: {
  readonly call: CallTool;
  readonly callTool: CallTool;
  readonly call_tool: CallTool;
${[...ALL.keys()].map((name) => `  readonly ${name}: typeof ${name};`).join('\n')}
};
`;
