import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { SavedTool } from '@smcp/codemode';

/** A saved script as MCP lists tools: members that are undefined are absent. */
export function toListedTool(tool: SavedTool): JsonObject {
  const text: unknown = JSON.parse(JSON.stringify(tool));
  return isJsonObject(text) ? text : {};
}
