export type { CallAttributes, CallSpan, Logger, Telemetry, TraceCarrier } from './telemetry.ts';
export { createTelemetry, type GatewayTelemetry, type TelemetryOptions } from './create-telemetry.ts';
export {
  createLogger,
  type LeveledLogger,
  type LoggerOptions,
  type LogStream,
  type LogThreshold,
} from './logger.ts';
