export { configFromDiscovered, LOCAL_ROLE, localRules } from './config-from-discovered.ts';
export type { DiscoveredOptions } from './config-from-discovered.ts';
export { discoverServers } from './discover-servers.ts';
export type { DiscoverOptions } from './discover-servers.ts';
export { CLIENTS } from './discovery.ts';
export type {
  ClientId,
  Discovery,
  FileProblem,
  FoundCommand,
  FoundServer,
  FoundSpec,
  FoundUrl,
  Origin,
  OriginScope,
  Places,
  SkipCode,
  SkippedServer,
  ToolChoice,
} from './discovery.ts';
export { Hidden } from './hidden.ts';
export { inheritedEnvironment, NESTED_VARIABLE } from './inherited-environment.ts';
export { shortPlace } from './place/resolved-places.ts';
export { discoveryLines, originText, problemText } from './summary.ts';
