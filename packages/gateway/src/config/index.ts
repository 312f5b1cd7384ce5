export { loadConfig } from './load-config.ts';
export type { LoadedConfig, LoadOptions } from './load-config.ts';
export { watchConfig } from './watch-config.ts';
export type { ConfigWatch, WatchOptions } from './watch-config.ts';
export { ConfigError, formatProblem } from './problems.ts';
export type { ConfigErrorCode, ConfigProblem, ConfigProblemCode } from './problems.ts';
export { isLoopbackHost, listenAddress } from './listen-address.ts';
export type { ListenAddress } from './listen-address.ts';
export { isHeaderName, isHeaderValue, isReservedHeader } from './http-header.ts';
export { isMetadataAddress } from './upstream-address.ts';
export { CONFIG_SCHEMA_ID, configJsonSchema } from './json-schema.ts';
export type { JsonSchema } from './json-schema.ts';
export type { ConfigSource, RunGit } from './git-source.ts';
export type { FileReading, ReadFile } from './file-reader.ts';
export { configSchema } from './schema.ts';
export type {
  AgentConfig,
  ApiKeyConfig,
  Config,
  JwtIssuerConfig,
  RateConfig,
  ServerConfig,
} from './schema.ts';
