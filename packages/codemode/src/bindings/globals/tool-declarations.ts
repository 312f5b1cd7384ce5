/** Calls of tools, and what they give. */
export const TOOL_DECLARATIONS = `/** A tool. Gives its structured content, else its text read as JSON, else its text; throws a ToolError when it fails. */
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
  constructor(message: string, details?: { server?: string; tool?: string; code?: string; result?: unknown; call?: string; retryAfterMs?: number });
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
  ? Tool extends keyof McpServers[Server] ? McpServers[Server][Tool] : LooseServer[string]
  : LooseServer[string];
type ToolArguments<Server, Tool> = KnownTool<Server, Tool> extends (...args: infer Args) => unknown ? Args : never;
type ToolResult<Server, Tool, Options> = Options extends { raw: true }
  ? Promise<CallToolResult>
  : KnownTool<Server, Tool> extends (...args: any) => infer Result ? Result : never;
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
`;
