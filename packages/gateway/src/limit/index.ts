export {
  createLimiter,
  type Admission,
  type CallLimiter,
  type LimitConfig,
  type Limiter,
  type LimiterOptions,
  type LimiterSettings,
  type LimitRequest,
  type LimitScope,
} from './limiter.ts';
export type { LimitCode } from './limit.ts';
export { Concurrency } from './concurrency.ts';
export { parseRate, type Rate } from './rate.ts';
export { TokenBucket, type TakeResult } from './token-bucket.ts';
export { compileToolSettings, type ToolSettings } from './tool-settings.ts';
