// Written by `smcp types`. What is changed here is lost when it is written again.
//
// For an editor: keep this file beside the scripts, with this tsconfig.json:
//   {"compilerOptions":{"target":"es2024","lib":["es2024"],"types":[],"module":"esnext","moduleDetection":"force","strict":true,"noEmit":true},"include":["*.ts"]}
// or begin each script with this line:
//   /// <reference path="./smcp.d.ts" />
// An editor takes a script for a module and marks a top-level "return" (1108); "smcp run" does not mind it.

/** A tool. Gives its structured content, else its text read as JSON, else its text; throws a ToolError when it fails. */
interface ToolFunction<Args, Result> {
  (args: Args): Promise<Result>;
  /** The same call with the untouched result, which may say isError. */
  readonly raw: (args: Args) => Promise<CallToolResult>;
}
/** A tool that can be called without arguments. */
interface OptionalToolFunction<Args, Result> {
  (args?: Args): Promise<Result>;
  /** The same call with the untouched result, which may say isError. */
  readonly raw: (args?: Args) => Promise<CallToolResult>;
}
/** A server whose tools are not known before the script runs. */
interface LooseServer {
  readonly [tool: string]: OptionalToolFunction<Record<string, unknown>, any>;
}
/** The servers that are known, by each of their names. */
interface McpServers {}

interface CallToolResult {
  content: ContentBlock[];
  structuredContent?: any;
  isError?: boolean;
  _meta?: Record<string, any>;
}
interface ContentBlock {
  type: 'text' | 'image' | 'audio' | 'resource_link' | 'resource' | (string & {});
  text?: string;
  data?: string;
  mimeType?: string;
  uri?: string;
  name?: string;
  resource?: any;
  [member: string]: any;
}

/** A tool said that it failed, or the call was refused. */
declare class ToolError extends Error {
  constructor(
    message: string,
    details?: {
      server?: string;
      tool?: string;
      code?: string;
      result?: unknown;
      call?: string;
      retryAfterMs?: number;
    },
  );
  readonly server?: string;
  readonly tool?: string;
  /** Why it was refused, such as DENIED or RATE_LIMITED; absent when the tool itself failed. */
  readonly code?: string;
  /** What the tool gave when it failed. */
  readonly result?: CallToolResult;
  /** Id of the call in the records. */
  readonly call?: string;
  readonly retryAfterMs?: number;
}

type KnownTool<Server, Tool> = Server extends keyof McpServers
  ? Tool extends keyof McpServers[Server]
    ? McpServers[Server][Tool]
    : LooseServer[string]
  : LooseServer[string];
type ToolArguments<Server, Tool> =
  KnownTool<Server, Tool> extends (...args: infer Args) => unknown ? Args : never;
type ToolResult<Server, Tool, Options> = Options extends { raw: true }
  ? Promise<CallToolResult>
  : KnownTool<Server, Tool> extends (...args: any) => infer Result
    ? Result
    : never;
interface CallOptions {
  /** Give the untouched result. */
  raw?: boolean;
}
interface CallTool {
  <const Server extends string, const Tool extends string, const Options extends CallOptions = {}>(
    server: Server,
    tool: Tool,
    ...rest: [...ToolArguments<Server, Tool>, options?: Options]
  ): ToolResult<Server, Tool, Options>;
  (request: { server: string; tool: string; args?: Record<string, unknown>; raw?: boolean }): Promise<any>;
}
/** Calls a tool by the names of server and tool. */
declare const call: CallTool;
declare const callTool: CallTool;
declare const call_tool: CallTool;

/** Servers that are declared, and any other as one whose tools are not known. */
interface OtherServers {
  readonly [server: string]: LooseServer;
}
/** The servers by name. */
declare const mcp_servers: McpServers & OtherServers;
interface AddServer {
  /** Adds a server for the rest of the session, when policy allows it. */
  add(server: { name: string; [setting: string]: unknown }): Promise<LooseServer>;
}
/** The servers by name, and how to add one. */
declare const servers: AddServer & Omit<McpServers, 'add'> & OtherServers;

interface ToolDoc {
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
  (
    server: string,
    options?: { tool?: undefined; detail?: Detail } | null,
    detail?: Detail,
  ): Promise<ToolDoc[]>;
  (request: { server: string; tool?: undefined; detail?: Detail }): Promise<ToolDoc[]>;
}
interface SearchToolDocs {
  (
    query: string,
    options?: { limit?: number; detail?: Detail } | number | null,
    detail?: Detail,
  ): Promise<ToolDoc[]>;
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
declare const discoveredServers: DiscoveredServers;
declare const discovered_servers: DiscoveredServers;
declare const listServers: () => Promise<string[]>;
declare const list_servers: () => Promise<string[]>;
declare const listTools: (server: string | { server: string }) => Promise<ToolDoc[]>;
declare const list_tools: (server: string | { server: string }) => Promise<ToolDoc[]>;
declare const queryToolDocs: QueryToolDocs;
declare const query_tool_docs: QueryToolDocs;
declare const searchToolDocs: SearchToolDocs;
declare const search_tool_docs: SearchToolDocs;
declare const describeServer: (server: string | { server: string }) => Promise<ServerDoc>;
declare const describe_server: (server: string | { server: string }) => Promise<ServerDoc>;
declare const listLoadedServerMetadata: () => Promise<ServerDoc[]>;
declare const list_loaded_server_metadata: () => Promise<ServerDoc[]>;
declare const capabilitySummary: () => string;
declare const capability_summary: () => string;
declare const fetchOutput: FetchOutput;
declare const fetch_output: FetchOutput;
declare const saveScript: SaveScript;
declare const save_script: SaveScript;
declare const smcp_save: SaveScript;
declare const save_tool: SaveScript;
declare const runtime: {
  readonly call: CallTool;
  readonly callTool: CallTool;
  readonly call_tool: CallTool;
  readonly discoveredServers: typeof discoveredServers;
  readonly discovered_servers: typeof discovered_servers;
  readonly listServers: typeof listServers;
  readonly list_servers: typeof list_servers;
  readonly listTools: typeof listTools;
  readonly list_tools: typeof list_tools;
  readonly queryToolDocs: typeof queryToolDocs;
  readonly query_tool_docs: typeof query_tool_docs;
  readonly searchToolDocs: typeof searchToolDocs;
  readonly search_tool_docs: typeof search_tool_docs;
  readonly describeServer: typeof describeServer;
  readonly describe_server: typeof describe_server;
  readonly listLoadedServerMetadata: typeof listLoadedServerMetadata;
  readonly list_loaded_server_metadata: typeof list_loaded_server_metadata;
  readonly capabilitySummary: typeof capabilitySummary;
  readonly capability_summary: typeof capability_summary;
  readonly fetchOutput: typeof fetchOutput;
  readonly fetch_output: typeof fetch_output;
  readonly saveScript: typeof saveScript;
  readonly save_script: typeof save_script;
  readonly smcp_save: typeof smcp_save;
  readonly save_tool: typeof save_tool;
};

declare const console: {
  /** To the output of the script. */
  log(...data: unknown[]): void;
  info(...data: unknown[]): void;
  debug(...data: unknown[]): void;
  /** To the errors of the script. */
  warn(...data: unknown[]): void;
  error(...data: unknown[]): void;
  trace(...data: unknown[]): void;
  assert(condition?: unknown, ...data: unknown[]): void;
  dir(value?: unknown, options?: { depth?: number | null }): void;
  table(data?: unknown): void;
  count(label?: string): void;
  countReset(label?: string): void;
  time(label?: string): void;
  timeLog(label?: string, ...data: unknown[]): void;
  timeEnd(label?: string): void;
  group(...data: unknown[]): void;
  groupEnd(): void;
};
declare function setTimeout(callback: (...args: any[]) => void, delayMs?: number, ...args: any[]): number;
declare function setInterval(callback: (...args: any[]) => void, delayMs?: number, ...args: any[]): number;
declare function clearTimeout(timer: number | undefined): void;
declare function clearInterval(timer: number | undefined): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;
declare function atob(base64: string): string;
declare function btoa(latin1: string): string;
declare const performance: { now(): number };
declare const crypto: {
  randomUUID(): string;
  getRandomValues<T extends ArrayBufferView>(array: T): T;
};
declare class TextEncoder {
  readonly encoding: string;
  encode(text?: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, bytes: Uint8Array): { read: number; written: number };
}
/** For UTF-8 only. */
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(bytes?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
}
declare class URL {
  constructor(url: string | URL, base?: string | URL);
  static canParse(url: string | URL, base?: string | URL): boolean;
  static parse(url: string | URL, base?: string | URL): URL | null;
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  password: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  readonly searchParams: URLSearchParams;
  username: string;
  toString(): string;
  toJSON(): string;
}
declare class URLSearchParams {
  constructor(init?: string | URLSearchParams | Record<string, string> | Iterable<[string, string]>);
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  forEach(callback: (value: string, name: string, params: URLSearchParams) => void): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
  toString(): string;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare class AbortSignal extends EventTarget {
  private constructor();
  static abort(reason?: unknown): AbortSignal;
  static timeout(delayMs: number): AbortSignal;
  static any(signals: Iterable<AbortSignal>): AbortSignal;
  readonly aborted: boolean;
  readonly reason: any;
  onabort: ((event: Event) => void) | null;
  throwIfAborted(): void;
}
declare class Event {
  constructor(type: string, options?: { cancelable?: boolean });
  readonly type: string;
  readonly target: EventTarget | null;
  readonly cancelable: boolean;
  readonly defaultPrevented: boolean;
  preventDefault(): void;
  stopImmediatePropagation(): void;
}
type EventListener = ((event: any) => void) | { handleEvent(event: any): void };
declare class EventTarget {
  addEventListener(type: string, listener: EventListener | null, options?: { once?: boolean }): void;
  removeEventListener(type: string, listener: EventListener | null): void;
  dispatchEvent(event: Event): boolean;
}
declare class DOMException extends Error {
  constructor(message?: string, name?: string);
  readonly code: number;
}

declare namespace everything {
  interface Tools {}
  type EchoArgs = { /** Message to echo */ message: string };
  type EchoResult = any;
  interface Tools {
    /** Echoes back the input string */
    readonly echo: ToolFunction<EchoArgs, EchoResult>;
  }
  type GetAnnotatedMessageArgs = {
    /** Type of message to demonstrate different annotation patterns */ messageType:
      | 'error'
      | 'success'
      | 'debug';
    /** Whether to include an example image @default false */ includeImage?: boolean;
  };
  type GetAnnotatedMessageResult = any;
  interface Tools {
    /** Demonstrates how annotations can be used to provide metadata about content. */
    readonly getAnnotatedMessage: ToolFunction<GetAnnotatedMessageArgs, GetAnnotatedMessageResult>;
    readonly get_annotated_message: Tools['getAnnotatedMessage'];
    readonly 'get-annotated-message': Tools['getAnnotatedMessage'];
  }
  type GetEnvArgs = Record<string, never>;
  type GetEnvResult = any;
  interface Tools {
    /** Returns all environment variables, helpful for debugging MCP server configuration */
    readonly getEnv: OptionalToolFunction<GetEnvArgs, GetEnvResult>;
    readonly get_env: Tools['getEnv'];
    readonly 'get-env': Tools['getEnv'];
  }
  type GetResourceLinksArgs = {
    /** Number of resource links to return (1-10) @minimum 1 @maximum 10 @default 3 */ count?: number;
  };
  type GetResourceLinksResult = any;
  interface Tools {
    /** Returns up to ten resource links that reference different types of resources */
    readonly getResourceLinks: OptionalToolFunction<GetResourceLinksArgs, GetResourceLinksResult>;
    readonly get_resource_links: Tools['getResourceLinks'];
    readonly 'get-resource-links': Tools['getResourceLinks'];
  }
  type GetResourceReferenceArgs = {
    /** @default "Text" */ resourceType?: 'Text' | 'Blob';
    /** ID of the text resource to fetch @default 1 */ resourceId?: number;
  };
  type GetResourceReferenceResult = any;
  interface Tools {
    /** Returns a resource reference that can be used by MCP clients */
    readonly getResourceReference: OptionalToolFunction<GetResourceReferenceArgs, GetResourceReferenceResult>;
    readonly get_resource_reference: Tools['getResourceReference'];
    readonly 'get-resource-reference': Tools['getResourceReference'];
  }
  type GetStructuredContentArgs = { /** Choose city */ location: 'New York' | 'Chicago' | 'Los Angeles' };
  type GetStructuredContentResult = {
    /** Temperature in celsius */ temperature: number;
    /** Weather conditions description */ conditions: string;
    /** Humidity percentage */ humidity: number;
  };
  interface Tools {
    /** Returns structured content along with an output schema for client data validation */
    readonly getStructuredContent: ToolFunction<GetStructuredContentArgs, GetStructuredContentResult>;
    readonly get_structured_content: Tools['getStructuredContent'];
    readonly 'get-structured-content': Tools['getStructuredContent'];
  }
  type GetSumArgs = { /** First number */ a: number; /** Second number */ b: number };
  type GetSumResult = any;
  interface Tools {
    /** Returns the sum of two numbers */
    readonly getSum: ToolFunction<GetSumArgs, GetSumResult>;
    readonly get_sum: Tools['getSum'];
    readonly 'get-sum': Tools['getSum'];
  }
  type GetTinyImageArgs = Record<string, never>;
  type GetTinyImageResult = any;
  interface Tools {
    /** Returns a tiny MCP logo image. */
    readonly getTinyImage: OptionalToolFunction<GetTinyImageArgs, GetTinyImageResult>;
    readonly get_tiny_image: Tools['getTinyImage'];
    readonly 'get-tiny-image': Tools['getTinyImage'];
  }
  type GzipFileAsResourceArgs = {
    /** Name of the output file @default "README.md.gz" */ name?: string;
    /** URL or data URI of the file content to compress @format "uri" @default "https://raw.githubusercontent.com/modelcontextprotocol/serv… */ data?: string;
    /** How the resulting gzipped file should be returned. 'resourceLink' returns a link to a resource that can be read later, 'resource' returns a full resource object. @default "resourceLink" */ outputType?:
      | 'resourceLink'
      | 'resource';
  };
  type GzipFileAsResourceResult = any;
  interface Tools {
    /** Compresses a single file using gzip compression. Depending upon the selected output type, returns either the compressed data as a gzipped resource or a resource link, allowing it to be downloaded in a subsequent request during the current session. */
    readonly gzipFileAsResource: OptionalToolFunction<GzipFileAsResourceArgs, GzipFileAsResourceResult>;
    readonly gzip_file_as_resource: Tools['gzipFileAsResource'];
    readonly 'gzip-file-as-resource': Tools['gzipFileAsResource'];
  }
  type ToggleSimulatedLoggingArgs = Record<string, never>;
  type ToggleSimulatedLoggingResult = any;
  interface Tools {
    /** Toggles simulated, random-leveled logging on or off. */
    readonly toggleSimulatedLogging: OptionalToolFunction<
      ToggleSimulatedLoggingArgs,
      ToggleSimulatedLoggingResult
    >;
    readonly toggle_simulated_logging: Tools['toggleSimulatedLogging'];
    readonly 'toggle-simulated-logging': Tools['toggleSimulatedLogging'];
  }
  type ToggleSubscriberUpdatesArgs = Record<string, never>;
  type ToggleSubscriberUpdatesResult = any;
  interface Tools {
    /** Toggles simulated resource subscription updates on or off. */
    readonly toggleSubscriberUpdates: OptionalToolFunction<
      ToggleSubscriberUpdatesArgs,
      ToggleSubscriberUpdatesResult
    >;
    readonly toggle_subscriber_updates: Tools['toggleSubscriberUpdates'];
    readonly 'toggle-subscriber-updates': Tools['toggleSubscriberUpdates'];
  }
  type TriggerLongRunningOperationArgs = {
    /** Duration of the operation in seconds @default 10 */ duration?: number;
    /** Number of steps in the operation @default 5 */ steps?: number;
  };
  type TriggerLongRunningOperationResult = any;
  interface Tools {
    /** Demonstrates a long running operation with progress updates. */
    readonly triggerLongRunningOperation: OptionalToolFunction<
      TriggerLongRunningOperationArgs,
      TriggerLongRunningOperationResult
    >;
    readonly trigger_long_running_operation: Tools['triggerLongRunningOperation'];
    readonly 'trigger-long-running-operation': Tools['triggerLongRunningOperation'];
  }
  type GetRootsListArgs = Record<string, never>;
  type GetRootsListResult = any;
  interface Tools {
    /** Lists the current MCP roots provided by the client. Demonstrates the roots protocol capability even though this server doesn't access files. */
    readonly getRootsList: OptionalToolFunction<GetRootsListArgs, GetRootsListResult>;
    readonly get_roots_list: Tools['getRootsList'];
    readonly 'get-roots-list': Tools['getRootsList'];
  }
  type TriggerElicitationRequestArgs = Record<string, never>;
  type TriggerElicitationRequestResult = any;
  interface Tools {
    /** Trigger a Request from the Server for User Elicitation */
    readonly triggerElicitationRequest: OptionalToolFunction<
      TriggerElicitationRequestArgs,
      TriggerElicitationRequestResult
    >;
    readonly trigger_elicitation_request: Tools['triggerElicitationRequest'];
    readonly 'trigger-elicitation-request': Tools['triggerElicitationRequest'];
  }
  type TriggerUrlElicitationArgs = {
    /** The URL the user should open @format "uri" */ url: string;
    /** Message shown to the user before opening the URL @default "Please open the link to complete this action." */ message?: string;
    /** Optional explicit elicitation ID. Defaults to a random UUID. */ elicitationId?: string;
    /** Controls which elicitation mechanism is used. When false (default), sends an elicitation/create request (request path). When true, throws a UrlElicitationRequiredError (MCP error code -32042) so the c… @default false */ errorPath?: boolean;
  };
  type TriggerUrlElicitationResult = any;
  interface Tools {
    /** Trigger a URL elicitation so the client can direct the user to a browser flow. Supports two mechanisms: the request path (elicitation/create, default) which awaits the user's response, and the error path (UrlElicitationRequiredError, -32042) which signals the client to handle URL elicitation via the error response. Set errorPath=true to use the error path. */
    readonly triggerUrlElicitation: ToolFunction<TriggerUrlElicitationArgs, TriggerUrlElicitationResult>;
    readonly trigger_url_elicitation: Tools['triggerUrlElicitation'];
    readonly 'trigger-url-elicitation': Tools['triggerUrlElicitation'];
  }
  type SimulateResearchQueryArgs = {
    /** The research topic to investigate */ topic: string;
    /** Simulate an ambiguous query that requires clarification (triggers input_required status) @default false */ ambiguous?: boolean;
  };
  type SimulateResearchQueryResult = any;
  interface Tools {
    /** Simulates a deep research operation that gathers, analyzes, and synthesizes information. Demonstrates MCP task-based operations with progress through multiple stages. If 'ambiguous' is true and client supports elicitation, sends an elicitation request for clarification. */
    readonly simulateResearchQuery: ToolFunction<SimulateResearchQueryArgs, SimulateResearchQueryResult>;
    readonly simulate_research_query: Tools['simulateResearchQuery'];
    readonly 'simulate-research-query': Tools['simulateResearchQuery'];
  }
}
declare const everything: everything.Tools;
declare const mcp_everything: everything.Tools;
interface McpServers {
  readonly everything: everything.Tools;
}

declare namespace files {
  interface Tools {}
  type ReadFileArgs = {
    path: string;
    /** If provided, returns only the last N lines of the file */ tail?: number;
    /** If provided, returns only the first N lines of the file */ head?: number;
  };
  type ReadFileResult = { content: string };
  interface Tools {
    /** Read the complete contents of a file as text. DEPRECATED: Use read_text_file instead. */
    readonly readFile: ToolFunction<ReadFileArgs, ReadFileResult>;
    readonly read_file: Tools['readFile'];
  }
  type ReadTextFileArgs = {
    path: string;
    /** If provided, returns only the last N lines of the file */ tail?: number;
    /** If provided, returns only the first N lines of the file */ head?: number;
  };
  type ReadTextFileResult = { content: string };
  interface Tools {
    /** Read the complete contents of a file from the file system as text. Handles various text encodings and provides detailed error messages if the file cannot be read. Use this tool when you need to examine the contents of a single file. Use the 'head' parameter to read only the first N lines of a file, or the 'tail' parameter to read only the last N lines of a file. Operates on the file as text regardless of extension. Only works within allowed directories. */
    readonly readTextFile: ToolFunction<ReadTextFileArgs, ReadTextFileResult>;
    readonly read_text_file: Tools['readTextFile'];
  }
  type ReadMediaFileArgs = { path: string };
  type ReadMediaFileResult = {
    content: (
      | { type: 'image' | 'audio'; data: string; mimeType: string }
      | { type: 'resource'; resource: { uri: string; mimeType?: string; blob: string } }
    )[];
  };
  interface Tools {
    /** Read a file and return it as a base64-encoded content block with its MIME type. Image and audio files are returned as image/audio content; any other file type is returned as an embedded resource. Only works within allowed directories. */
    readonly readMediaFile: ToolFunction<ReadMediaFileArgs, ReadMediaFileResult>;
    readonly read_media_file: Tools['readMediaFile'];
  }
  type ReadMultipleFilesArgs = {
    /** Array of file paths to read. Each path must be a string pointing to a valid file within allowed directories. @minItems 1 */ paths: string[];
  };
  type ReadMultipleFilesResult = { content: string };
  interface Tools {
    /** Read the contents of multiple files simultaneously. This is more efficient than reading files one by one when you need to analyze or compare multiple files. Each file's content is returned with its path as a reference. Failed reads for individual files won't stop the entire operation. Only works within allowed directories. */
    readonly readMultipleFiles: ToolFunction<ReadMultipleFilesArgs, ReadMultipleFilesResult>;
    readonly read_multiple_files: Tools['readMultipleFiles'];
  }
  type WriteFileArgs = { path: string; content: string };
  type WriteFileResult = { content: string };
  interface Tools {
    /** Create a new file or completely overwrite an existing file with new content. Use with caution as it will overwrite existing files without warning. Handles text content with proper encoding. Only works within allowed directories. */
    readonly writeFile: ToolFunction<WriteFileArgs, WriteFileResult>;
    readonly write_file: Tools['writeFile'];
  }
  type EditFileArgs = {
    path: string;
    edits: {
      /** Text to search for - must match exactly */ oldText: string;
      /** Text to replace with */ newText: string;
    }[];
    /** Preview changes using git-style diff format @default false */ dryRun?: boolean;
  };
  type EditFileResult = { content: string };
  interface Tools {
    /** Make line-based edits to a text file. Each edit replaces exact line sequences with new content. Returns a git-style diff showing the changes made. Only works within allowed directories. */
    readonly editFile: ToolFunction<EditFileArgs, EditFileResult>;
    readonly edit_file: Tools['editFile'];
  }
  type CreateDirectoryArgs = { path: string };
  type CreateDirectoryResult = { content: string };
  interface Tools {
    /** Create a new directory or ensure a directory exists. Can create multiple nested directories in one operation. If the directory already exists, this operation will succeed silently. Perfect for setting up directory structures for projects or ensuring required paths exist. Only works within allowed directories. */
    readonly createDirectory: ToolFunction<CreateDirectoryArgs, CreateDirectoryResult>;
    readonly create_directory: Tools['createDirectory'];
  }
  type ListDirectoryArgs = { path: string };
  type ListDirectoryResult = { content: string };
  interface Tools {
    /** Get a detailed listing of all files and directories in a specified path. Results clearly distinguish between files and directories with [FILE] and [DIR] prefixes. This tool is essential for understanding directory structure and finding specific files within a directory. Only works within allowed directories. */
    readonly listDirectory: ToolFunction<ListDirectoryArgs, ListDirectoryResult>;
    readonly list_directory: Tools['listDirectory'];
  }
  type ListDirectoryWithSizesArgs = {
    path: string;
    /** Sort entries by name or size @default "name" */ sortBy?: 'name' | 'size';
  };
  type ListDirectoryWithSizesResult = { content: string };
  interface Tools {
    /** Get a detailed listing of all files and directories in a specified path, including sizes. Results clearly distinguish between files and directories with [FILE] and [DIR] prefixes. This tool is useful for understanding directory structure and finding specific files within a directory. Only works within allowed directories. */
    readonly listDirectoryWithSizes: ToolFunction<ListDirectoryWithSizesArgs, ListDirectoryWithSizesResult>;
    readonly list_directory_with_sizes: Tools['listDirectoryWithSizes'];
  }
  type DirectoryTreeArgs = { path: string; /** @default [] */ excludePatterns?: string[] };
  type DirectoryTreeResult = { content: string };
  interface Tools {
    /** Get a recursive tree view of files and directories as a JSON structure. Each entry includes 'name', 'type' (file/directory), and 'children' for directories. Files have no children array, while directories always have a children array (which may be empty). The output is formatted with 2-space indentation for readability. Only works within allowed directories. */
    readonly directoryTree: ToolFunction<DirectoryTreeArgs, DirectoryTreeResult>;
    readonly directory_tree: Tools['directoryTree'];
  }
  type MoveFileArgs = { source: string; destination: string };
  type MoveFileResult = { content: string };
  interface Tools {
    /** Move or rename files and directories. Can move files between directories and rename them in a single operation. If the destination exists, the operation will fail. Works across different directories and can be used for simple renaming within the same directory. Both source and destination must be within allowed directories. */
    readonly moveFile: ToolFunction<MoveFileArgs, MoveFileResult>;
    readonly move_file: Tools['moveFile'];
  }
  type SearchFilesArgs = { path: string; pattern: string; /** @default [] */ excludePatterns?: string[] };
  type SearchFilesResult = { content: string };
  interface Tools {
    /** Recursively search for files and directories matching a pattern. The patterns should be glob-style patterns that match paths relative to the working directory. Use pattern like '*.ext' to match files in current directory, and '**\/*.ext' to match files in all subdirectories. Returns full paths to all matching items. Great for finding files when you don't know their exact location. Only searches within allowed directories. */
    readonly searchFiles: ToolFunction<SearchFilesArgs, SearchFilesResult>;
    readonly search_files: Tools['searchFiles'];
  }
  type GetFileInfoArgs = { path: string };
  type GetFileInfoResult = { content: string };
  interface Tools {
    /** Retrieve detailed metadata about a file or directory. Returns comprehensive information including size, creation time, last modified time, permissions, and type. This tool is perfect for understanding file characteristics without reading the actual content. Only works within allowed directories. */
    readonly getFileInfo: ToolFunction<GetFileInfoArgs, GetFileInfoResult>;
    readonly get_file_info: Tools['getFileInfo'];
  }
  type ListAllowedDirectoriesArgs = Record<string, never>;
  type ListAllowedDirectoriesResult = { content: string };
  interface Tools {
    /** Returns the list of directories that this server is allowed to access. Subdirectories within these allowed directories are also accessible. Use this to understand which directories and their nested paths are available before trying to access files. */
    readonly listAllowedDirectories: OptionalToolFunction<
      ListAllowedDirectoriesArgs,
      ListAllowedDirectoriesResult
    >;
    readonly list_allowed_directories: Tools['listAllowedDirectories'];
  }
}
declare const files: files.Tools;
declare const mcp_files: files.Tools;
interface McpServers {
  readonly files: files.Tools;
}

declare namespace memory {
  interface Tools {}
  type CreateEntitiesArgs = {
    entities: {
      /** The name of the entity */ name: string;
      /** The type of the entity */ entityType: string;
      /** An array of observation contents associated with the entity */ observations: string[];
    }[];
  };
  type CreateEntitiesResult = {
    entities: {
      /** The name of the entity */ name: string;
      /** The type of the entity */ entityType: string;
      /** An array of observation contents associated with the entity */ observations: string[];
    }[];
  };
  interface Tools {
    /** Create multiple new entities in the knowledge graph */
    readonly createEntities: ToolFunction<CreateEntitiesArgs, CreateEntitiesResult>;
    readonly create_entities: Tools['createEntities'];
  }
  type CreateRelationsArgs = {
    relations: {
      /** The name of the entity where the relation starts */ from: string;
      /** The name of the entity where the relation ends */ to: string;
      /** The type of the relation */ relationType: string;
    }[];
  };
  type CreateRelationsResult = {
    relations: {
      /** The name of the entity where the relation starts */ from: string;
      /** The name of the entity where the relation ends */ to: string;
      /** The type of the relation */ relationType: string;
    }[];
  };
  interface Tools {
    /** Create multiple new relations between entities in the knowledge graph. Relations should be in active voice */
    readonly createRelations: ToolFunction<CreateRelationsArgs, CreateRelationsResult>;
    readonly create_relations: Tools['createRelations'];
  }
  type AddObservationsArgs = {
    observations: {
      /** The name of the entity to add the observations to */ entityName: string;
      /** An array of observation contents to add */ contents: string[];
    }[];
  };
  type AddObservationsResult = { results: { entityName: string; addedObservations: string[] }[] };
  interface Tools {
    /** Add new observations to existing entities in the knowledge graph */
    readonly addObservations: ToolFunction<AddObservationsArgs, AddObservationsResult>;
    readonly add_observations: Tools['addObservations'];
  }
  type DeleteEntitiesArgs = { /** An array of entity names to delete */ entityNames: string[] };
  type DeleteEntitiesResult = { success: boolean; message: string };
  interface Tools {
    /** Delete multiple entities and their associated relations from the knowledge graph */
    readonly deleteEntities: ToolFunction<DeleteEntitiesArgs, DeleteEntitiesResult>;
    readonly delete_entities: Tools['deleteEntities'];
  }
  type DeleteObservationsArgs = {
    deletions: {
      /** The name of the entity containing the observations */ entityName: string;
      /** An array of observations to delete */ observations: string[];
    }[];
  };
  type DeleteObservationsResult = { success: boolean; message: string };
  interface Tools {
    /** Delete specific observations from entities in the knowledge graph */
    readonly deleteObservations: ToolFunction<DeleteObservationsArgs, DeleteObservationsResult>;
    readonly delete_observations: Tools['deleteObservations'];
  }
  type DeleteRelationsArgs = {
    /** An array of relations to delete */ relations: {
      /** The name of the entity where the relation starts */ from: string;
      /** The name of the entity where the relation ends */ to: string;
      /** The type of the relation */ relationType: string;
    }[];
  };
  type DeleteRelationsResult = { success: boolean; message: string };
  interface Tools {
    /** Delete multiple relations from the knowledge graph */
    readonly deleteRelations: ToolFunction<DeleteRelationsArgs, DeleteRelationsResult>;
    readonly delete_relations: Tools['deleteRelations'];
  }
  type ReadGraphArgs = Record<string, never>;
  type ReadGraphResult = {
    entities: {
      /** The name of the entity */ name: string;
      /** The type of the entity */ entityType: string;
      /** An array of observation contents associated with the entity */ observations: string[];
    }[];
    relations: {
      /** The name of the entity where the relation starts */ from: string;
      /** The name of the entity where the relation ends */ to: string;
      /** The type of the relation */ relationType: string;
    }[];
  };
  interface Tools {
    /** Read the entire knowledge graph */
    readonly readGraph: OptionalToolFunction<ReadGraphArgs, ReadGraphResult>;
    readonly read_graph: Tools['readGraph'];
  }
  type SearchNodesArgs = {
    /** The search query to match against entity names, types, and observation content */ query: string;
  };
  type SearchNodesResult = {
    entities: {
      /** The name of the entity */ name: string;
      /** The type of the entity */ entityType: string;
      /** An array of observation contents associated with the entity */ observations: string[];
    }[];
    relations: {
      /** The name of the entity where the relation starts */ from: string;
      /** The name of the entity where the relation ends */ to: string;
      /** The type of the relation */ relationType: string;
    }[];
  };
  interface Tools {
    /** Search for nodes in the knowledge graph based on a query */
    readonly searchNodes: ToolFunction<SearchNodesArgs, SearchNodesResult>;
    readonly search_nodes: Tools['searchNodes'];
  }
  type OpenNodesArgs = { /** An array of entity names to retrieve */ names: string[] };
  type OpenNodesResult = {
    entities: {
      /** The name of the entity */ name: string;
      /** The type of the entity */ entityType: string;
      /** An array of observation contents associated with the entity */ observations: string[];
    }[];
    relations: {
      /** The name of the entity where the relation starts */ from: string;
      /** The name of the entity where the relation ends */ to: string;
      /** The type of the relation */ relationType: string;
    }[];
  };
  interface Tools {
    /** Open specific nodes in the knowledge graph by their names */
    readonly openNodes: ToolFunction<OpenNodesArgs, OpenNodesResult>;
    readonly open_nodes: Tools['openNodes'];
  }
}
declare const memory: memory.Tools;
declare const mcp_memory: memory.Tools;
interface McpServers {
  readonly memory: memory.Tools;
}
