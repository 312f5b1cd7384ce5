import type { ToolDefinition } from '../tool-host.ts';

/** A server with the names by which scripts reach it. */
export interface NamedServer {
  readonly name: string;
  /** Global of its namespace in TypeScript, such as `github` or `googleDrive`. */
  readonly alias: string;
  /** The same in snake case, as Python-trained models expect it behind `mcp_`, such as `google_drive`. */
  readonly snake: string;
}

/** A tool with the names by which scripts reach it. */
export interface NamedTool {
  readonly definition: ToolDefinition;
  /** Method of the namespace, such as `listIssues`. */
  readonly alias: string;
  /** The same in snake case, such as `list_issues`. */
  readonly snake: string;
}

/** Declarations of the tools of one server, and which lines are whose. */
export interface ServerDeclarations {
  readonly server: NamedServer;
  /** A `.d.ts` in the global scope. */
  readonly text: string;
  /** First and last line of each tool, from 1. */
  readonly tools: readonly { readonly tool: NamedTool; readonly from: number; readonly to: number }[];
}
