import type { Meter } from '@opentelemetry/api';
import { MAX_SERIES } from './call-series.ts';
import { reportingFailures } from './export-failures.ts';
import {
  EXPORT_TIMEOUT_MS,
  resourceAttributes,
  SCOPE_NAME,
  signalUrl,
  type PipelineOptions,
} from './pipeline.ts';

/** The OpenTelemetry metrics SDK, opened. */
export interface MetricPipeline extends AsyncDisposable {
  readonly meter: Meter;
  /** Everything measured so far as Prometheus text; undefined when `/metrics` is off. */
  text(): Promise<string | undefined>;
}

/** Loads the metrics SDK and opens the readers that the settings ask for. Opens no port. Disposing sends what is left. */
export async function openMetricPipeline(options: PipelineOptions): Promise<MetricPipeline> {
  const { settings } = options;
  const [{ MeterProvider }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/resources'),
  ]);
  const prometheus = settings.metrics ? await openPrometheus() : undefined;
  const otlp =
    settings.otlp_endpoint === undefined ? undefined : await openOtlp(settings.otlp_endpoint, options);
  const provider = new MeterProvider({
    resource: resourceFromAttributes(resourceAttributes(options)),
    readers: [prometheus?.reader, otlp].filter((reader) => reader !== undefined),
    // One view for all: the SDK then keeps one storage for all readers. Our own bounds are stricter than its limit, one more is for its overflow.
    views: [{ instrumentName: '*', aggregationCardinalityLimit: 2 * MAX_SERIES }],
  });
  return {
    meter: provider.getMeter(SCOPE_NAME, options.resourceVersion),
    text: async () => prometheus?.text(),
    [Symbol.asyncDispose]: () => provider.shutdown(),
  };
}

async function openPrometheus() {
  const { PrometheusExporter, PrometheusSerializer } = await import('@opentelemetry/exporter-prometheus');
  const reader = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer('', false, undefined, false, true);
  return {
    reader,
    text: async (): Promise<string> => {
      const { resourceMetrics } = await reader.collect();
      return serializer.serialize(resourceMetrics);
    },
  };
}

async function openOtlp(endpoint: string, { settings, report }: PipelineOptions) {
  const [{ PeriodicExportingMetricReader }, { OTLPMetricExporter }] = await Promise.all([
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/exporter-metrics-otlp-http'),
  ]);
  const exportIntervalMillis = settings.metrics_interval_seconds * 1000;
  const timeoutMillis = Math.min(EXPORT_TIMEOUT_MS, exportIntervalMillis);
  const exporter = new OTLPMetricExporter({
    url: signalUrl(endpoint, 'metrics'),
    headers: settings.otlp_headers,
    timeoutMillis,
  });
  return new PeriodicExportingMetricReader({
    exporter: reportingFailures(exporter, 'metrics', report),
    exportIntervalMillis,
    exportTimeoutMillis: timeoutMillis,
  });
}
