import { isJsonObject, type JsonObject } from '@smcp/protocol';

/**
 * A tool as a client with a handshake is to see it. The gateway sees to the tasks of servers itself and offers none to such clients, some of which refuse to call
 * a tool that says that it wants to run as one (MCP 2025-11-25, `execution.taskSupport`).
 */
export function withoutTaskSupport(tool: JsonObject): JsonObject {
  const { execution, ...rest } = tool;
  if (!isJsonObject(execution) || execution['taskSupport'] === undefined) {
    return tool;
  }
  const { taskSupport: _, ...others } = execution;
  return Object.keys(others).length === 0 ? rest : { ...rest, execution: others };
}
