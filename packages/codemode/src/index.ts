export { CodeModeError, type CodeModeErrorCode } from './code-mode-error.ts';
export { CodeMode, type CodeModeOptions } from './code-mode.ts';
export type { ExecuteContext, ExecuteResult, ProgressNote } from './execute/execution.ts';
export { EXECUTE_TOOL } from './execute/tool-entry.ts';
export { sourcePlace } from './output/source-place.ts';
export type { ToolResult } from './output/tool-result.ts';
export type {
  AddServerReply,
  ServerSummary,
  ToolCall,
  ToolCallOptions,
  ToolDefinition,
  ToolHost,
  ToolReply,
} from './tool-host.ts';
export type { ScriptCounts, ScriptTable, SavedScript } from './scripts/saved-script.ts';
export {
  SavedScripts,
  type SaveContext,
  type SavedScriptLimits,
  type SavedScriptsOptions,
  type VersionKey,
} from './scripts/saved-scripts.ts';
export type { SavedTool } from './scripts/script-tool.ts';
export type { ScriptSessions, SessionFilter } from './session/script-sessions.ts';
export type { SessionInfo } from './session/session-info.ts';
export { DEFAULT_SETTINGS, type CodeModeSettings } from './settings.ts';
export { createDiscovery, type DiscoveryOptions } from './discovery/create-discovery.ts';
export type { Detail, Discovery, SearchOptions, ServerDoc, ToolDoc } from './discovery/discovery.ts';
export { ToolIndexCache } from './discovery/search/index-cache.ts';
export { capabilitySummary } from './discovery/capability-summary.ts';
export { declareServer, declareUnlistedServer, type DeclarationOptions } from './bindings/declarations.ts';
export { GLOBAL_DECLARATIONS } from './bindings/globals.ts';
export type { NamedServer, NamedTool, ServerDeclarations } from './bindings/named.ts';
export { nameServers, nameTools, resolveServer, resolveTool } from './bindings/names.ts';
export { createScriptChecker, type CheckerOptions } from './check/create-checker.ts';
export type { ScriptChecker } from './check/check.ts';
