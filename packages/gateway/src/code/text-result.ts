import type { JsonObject } from '@smcp/protocol';
import type { ExecuteResult, ToolResult } from '@smcp/codemode';

/** A result of a tool (MCP `CallToolResult`) that is one text. */
export function textResult(text: string, isError = false): JsonObject {
  return { content: [{ type: 'text', text }], ...(isError ? { isError } : {}) };
}

/** What code mode answers as MCP has it: a member that is undefined is absent. */
export function toCallResult({
  content,
  structuredContent,
  isError,
}: ExecuteResult | ToolResult): JsonObject {
  return {
    content: [...content],
    ...(structuredContent === undefined ? {} : { structuredContent }),
    ...(isError === undefined ? {} : { isError }),
  };
}
