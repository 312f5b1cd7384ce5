import type { Config } from '../config/schema.ts';
import { createFailureReport } from './export-failures.ts';
import { openMetricPipeline, type MetricPipeline } from './metric-pipeline.ts';
import { MetricRecorder, type CallResult } from './metric-recorder.ts';
import type { PipelineOptions } from './pipeline.ts';
import { addProcessMetrics } from './process-metrics.ts';
import type { CallAttributes, CallSpan, Logger, Telemetry, TraceCarrier } from './telemetry.ts';
import { readTraceContext } from './trace-context.ts';
import { openTracePipeline, type OpenSpan, type TracePipeline } from './trace-pipeline.ts';

export interface TelemetryOptions {
  readonly settings: Config['telemetry'];
  /** Version of the gateway. */
  readonly resourceVersion: string;
  /** Tells this gateway from others that report to the same collector. */
  readonly instanceId: string;
  readonly logger: Logger;
  /** Monotonic milliseconds. Default: `performance.now`. */
  readonly clock?: () => number;
}

/** Telemetry whose SDK, about 100 ms of loading, is not on the way to the first listening socket. */
export interface GatewayTelemetry extends Telemetry {
  /**
   * Loads the SDK and starts exporting; call it once the gateway listens. Never rejects: what cannot be loaded is logged and stays off. Counts made before are
   * kept; calls made before have no span. The first call and the first collection do it if nobody did.
   */
  start(): Promise<void>;
}

/** Time that disposing may take when a collector does not answer. */
const FLUSH_MS = 2000;

/** Creates the telemetry that the settings ask for; with metrics and collector both off, OpenTelemetry is never loaded. */
export function createTelemetry(options: TelemetryOptions): GatewayTelemetry {
  const { settings, logger, clock = () => performance.now() } = options;
  const endpoint = settings.otlp_endpoint;
  const recorder = settings.metrics || endpoint !== undefined ? new MetricRecorder() : undefined;
  const pipelineOptions: PipelineOptions = { ...options, report: createFailureReport(logger, clock) };
  let metrics: MetricPipeline | undefined;
  let traces: TracePipeline | undefined;
  let stopProcessMetrics: (() => void) | undefined;
  let starting: Promise<void> | undefined;
  let disposed = false;

  const load = async (): Promise<void> => {
    if (recorder === undefined) return;
    try {
      metrics = await openMetricPipeline(pipelineOptions);
      recorder.attach(metrics.meter);
      stopProcessMetrics = addProcessMetrics(metrics.meter);
      if (endpoint !== undefined) traces = await openTracePipeline(endpoint, pipelineOptions);
    } catch (error) {
      // Telemetry serves the gateway, not the other way round: it goes on without.
      logger.error('cannot start telemetry', { error });
    }
  };
  const start = (): Promise<void> => {
    if (disposed) return starting ?? Promise.resolve();
    starting ??= load();
    return starting;
  };

  return {
    start,
    startCall(attributes, carrier) {
      const incoming = readTraceContext(carrier);
      if (recorder === undefined) return { traceId: undefined, next: incoming.carrier, end: doNothing };
      // It never rejects, and a call does not wait for it.
      if (starting === undefined) void start();
      return new MeasuredCall(
        attributes,
        incoming.carrier,
        traces?.start(attributes, incoming),
        recorder,
        clock,
      );
    },
    countRefusal: (code) => recorder?.recordRefusal(code),
    countAuthFailure: (code) => recorder?.recordAuthFailure(code),
    observe: (name, help, read) => recorder?.observe(name, help, read),
    async metricsText() {
      if (!settings.metrics) return undefined;
      await start();
      return metrics?.text();
    },
    async [Symbol.asyncDispose]() {
      if (disposed) return;
      disposed = true;
      await starting;
      stopProcessMetrics?.();
      await within(
        FLUSH_MS,
        Promise.allSettled([traces?.[Symbol.asyncDispose](), metrics?.[Symbol.asyncDispose]()]),
      );
    },
  };
}

/** One call between `startCall` and `end`. Ending it a second time does nothing. */
class MeasuredCall implements CallSpan {
  readonly traceId: string | undefined;
  readonly next: TraceCarrier;
  readonly #attributes: CallAttributes;
  readonly #span: OpenSpan | undefined;
  readonly #recorder: MetricRecorder;
  readonly #clock: () => number;
  readonly #startedAt: number;
  #ended = false;

  constructor(
    attributes: CallAttributes,
    carrier: TraceCarrier,
    span: OpenSpan | undefined,
    recorder: MetricRecorder,
    clock: () => number,
  ) {
    this.traceId = span?.traceId;
    this.next = span?.next ?? carrier;
    this.#attributes = attributes;
    this.#span = span;
    this.#recorder = recorder;
    this.#clock = clock;
    this.#startedAt = clock();
  }

  end(result: CallResult): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#recorder.recordCall(this.#attributes, result, (this.#clock() - this.#startedAt) / 1000);
    this.#span?.end(result);
  }
}

function doNothing(): void {}

/** Waits for `work`, but no longer than `ms`. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
