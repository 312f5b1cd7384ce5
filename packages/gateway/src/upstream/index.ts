export type { RequestOptions, UpstreamReply } from './link.ts';
export type { ClientFacts, OutgoingRequest } from './outgoing-request.ts';
export type { ServerDescription } from './server-description.ts';
export { quoted } from './quoted.ts';
export { ownRequest } from './outgoing-request.ts';
export { childEnvironment } from './stdio/child-environment.ts';
export { UpstreamError, type UpstreamErrorCode } from './upstream-error.ts';
export { UpstreamPool, type UpstreamLease } from './upstream-pool.ts';
export type { MayAsk, UpstreamSpec } from './upstream-spec.ts';
export {
  isListChanged,
  isLogLevel,
  LOG_LEVELS,
  type LogLevel,
  type Upstream,
  type UpstreamHealth,
  type UpstreamListener,
} from './upstream.ts';
