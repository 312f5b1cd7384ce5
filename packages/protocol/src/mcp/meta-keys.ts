/** Keys with this prefix in `_meta` describe one hop and are never passed on. */
export const HOP_PREFIX = 'io.modelcontextprotocol/';

/** Members of `_meta` of MCP 2026-07-28. */
export const META = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const;

/** Id of the extension by which a server answers a call with a task. */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';
