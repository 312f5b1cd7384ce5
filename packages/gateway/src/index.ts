export { buildState } from './run/build-state.ts';
export { ifCodeMode, type CodeModeParts } from './code/code-mode-of.ts';
export type { OpenedCodeMode } from './code/open-code-mode.ts';
export { toToolDefinition } from './code/tool-definition.ts';
export { CODE_SERVER, SCRIPTS_SERVER } from './builtin/names.ts';
export { createCounters } from './run/counters.ts';
export { openChain } from './run/open-chain.ts';
export { openOperatorDesk, type Approval, type OperatorDesk } from './approval/index.ts';
export { openFoundation, type Foundation, type FoundationOptions } from './run/foundation.ts';
export { startGateway, type GatewayOptions, type RunningGateway } from './run/start-gateway.ts';
export { serveGateway, type ServedGateway } from './worker/serve-gateway.ts';
export { startLocalGateway, type LocalGateway, type LocalGatewayOptions } from './local/local-gateway.ts';
export { withCodeMode } from './local/with-code-mode.ts';
export { LOCAL_USER, withLocalUser } from './local/with-local-user.ts';
export { serveStdioClient, type StdioDoorPlace } from './door/stdio/open-stdio-door.ts';
export { PRODUCT } from './run/version.ts';
export {
  createRedactor,
  callTree,
  joinCalls,
  readAudit,
  toExportLine,
  verifyAudit,
  type AuditFilter,
  type AuditLog,
  type AuditProblem,
  type AuditRecord,
  type AuditVerdict,
  type CallSummary,
  type CallTree,
  type WriterVerdict,
} from './audit/index.ts';
export {
  CatalogStore,
  PROMPTS,
  RESOURCES,
  TEMPLATES,
  TOOLS,
  type Catalog,
  type ListKind,
} from './catalog/index.ts';
export {
  ConfigError,
  configJsonSchema,
  formatProblem,
  listenAddress,
  loadConfig,
  type Config,
  type ConfigProblem,
  type FileReading,
  type LoadedConfig,
  type ReadFile,
  type ServerConfig,
} from './config/index.ts';
export { readTextFile } from './config/file-reader.ts';
export { nearest } from './config/wording.ts';
export { callerCredentialHeader, isCallerCredential } from './credential/index.ts';
export {
  CLIENTS,
  configFromDiscovered,
  discoverServers,
  discoveryLines,
  LOCAL_ROLE,
  localRules,
  originText,
  problemText,
  shortPlace,
  type DiscoveredOptions,
  type Discovery,
  type FoundServer,
  type Places,
  type SkippedServer,
} from './discover/index.ts';
export {
  Gate,
  type Caller,
  type GateRefusalCode,
  type GateReply,
  type GateState,
  type Route,
} from './gate/index.ts';
export { locateHome } from './home/index.ts';
export { createIds } from './lib/random-id.ts';
export {
  createSteadyClock,
  issueAgent,
  issueKey,
  type AgentRequest,
  type Issued,
  type KeyRequest,
} from './identity/index.ts';
export {
  acceptHeld,
  identityOf,
  PinKeeper,
  pinNow,
  unpin,
  type AcceptedChanges,
  type PinnedNow,
} from './pin/index.ts';
export type { ApprovalTable, HeldChange, Pin, PinnedServer, StoredAgent, StoredKey } from './store/index.ts';
export { createLogger, createTelemetry, type LeveledLogger } from './telemetry/index.ts';
export { UpstreamPool } from './upstream/index.ts';
