import type { Config } from '../config/schema.ts';
import type { ReportFailure } from './export-failures.ts';

/** What both pipelines, metrics and traces, are opened with. */
export interface PipelineOptions {
  readonly settings: Config['telemetry'];
  /** Version of the gateway, as the resource says it. */
  readonly resourceVersion: string;
  /** Tells several gateways apart. */
  readonly instanceId: string;
  readonly report: ReportFailure;
}

/** Name under which the gateway's instruments and spans appear. */
export const SCOPE_NAME = 'smcp-gateway';

/** Time for one export with its retries. */
export const EXPORT_TIMEOUT_MS = 5000;

/** `service.*` attributes of everything exported. */
export function resourceAttributes(options: PipelineOptions): Record<string, string> {
  return {
    'service.name': options.settings.service_name,
    'service.version': options.resourceVersion,
    'service.instance.id': options.instanceId,
  };
}

/** Address of one signal at a collector, such as `http://127.0.0.1:4318/v1/traces`. */
export function signalUrl(endpoint: string, signal: 'traces' | 'metrics'): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/${signal}`;
  return url.href;
}
