export type { RequestOptions, UpstreamReply } from './connection.ts';
export type { ServerDescription } from './server-description.ts';
export { quoted, requestText } from './connection.ts';
export { HANDSHAKE_VERSIONS, isHandshakeVersion, type HandshakeVersion } from './protocol-version.ts';
export { childEnvironment } from './stdio/child-environment.ts';
export { UpstreamError, type UpstreamErrorCode } from './upstream-error.ts';
export { UpstreamPool, type UpstreamLease } from './upstream-pool.ts';
export type { UpstreamSpec } from './upstream-spec.ts';
export {
  isListChanged,
  isLogLevel,
  LOG_LEVELS,
  type LogLevel,
  type Upstream,
  type UpstreamHealth,
  type UpstreamListener,
} from './upstream.ts';
