export { HostCallError } from './engine.ts';
export type { ContainmentSetting } from './layers/containment-setting.ts';
export { DEFAULT_POOL_SETTINGS, type PoolSettings } from './pool/pool-settings.ts';
export type { PoolCounts } from './pool/runner-pool.ts';
export type {
  Containment,
  EngineSession,
  HostCallContext,
  Language,
  Layer,
  OpenOptions,
  RunOptions,
  ScriptEngine,
  ScriptHost,
  ScriptSource,
} from './engine.ts';
export { DEFAULT_LIMITS, type LimitName, type ScriptLimits } from './limits.ts';
export type {
  CallMade,
  Outcome,
  OutcomeStatus,
  OutputPiece,
  OutputStream,
  ScriptFailure,
  Usage,
} from './outcome.ts';
export { SandboxError, type SandboxErrorCode } from './sandbox-error.ts';
export { createJavaScriptEngine, type JavaScriptEngine } from './engines/javascript/javascript-engine.ts';
export type { JavaScriptEngineOptions } from './engines/javascript/options.ts';
