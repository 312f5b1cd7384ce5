import { reportingFailures } from './export-failures.ts';
import type { CallResult } from './metric-recorder.ts';
import {
  EXPORT_TIMEOUT_MS,
  resourceAttributes,
  SCOPE_NAME,
  signalUrl,
  type PipelineOptions,
} from './pipeline.ts';
import { spanAttributes, spanName } from './span-attributes.ts';
import type { CallAttributes, TraceCarrier } from './telemetry.ts';
import { toTraceParent, type TraceContext } from './trace-context.ts';

const MAX_VALUE = 1024;
const MAX_WAITING_SPANS = 8192;
const EXPORT_DELAY_MS = 2000;

/** One started span. */
export interface OpenSpan {
  /** Undefined when the sampler left it out. */
  readonly traceId: string | undefined;
  readonly next: TraceCarrier;
  end(result: CallResult): void;
}

/** The OpenTelemetry trace SDK, opened. */
export interface TracePipeline extends AsyncDisposable {
  start(call: CallAttributes, incoming: TraceContext): OpenSpan;
}

/**
 * Loads the trace SDK and sends spans to the collector in batches. A caller that sampled is followed, others are sampled by the ratio; at most 8,192 spans
 * wait, the rest is dropped. Disposing sends what is left.
 */
export async function openTracePipeline(endpoint: string, options: PipelineOptions): Promise<TracePipeline> {
  const { settings } = options;
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({
    url: signalUrl(endpoint, 'traces'),
    headers: settings.otlp_headers,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes(resourceAttributes(options)),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(settings.sample_ratio) }),
    spanLimits: { attributeValueLengthLimit: MAX_VALUE },
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: reportingFailures(exporter, 'traces', options.report),
        maxQueueSize: MAX_WAITING_SPANS,
        scheduledDelayMillis: EXPORT_DELAY_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer(SCOPE_NAME, options.resourceVersion);

  const parentContext = ({ parent, carrier }: TraceContext) => {
    if (parent === undefined) return api.ROOT_CONTEXT;
    const { traceId, spanId, flags } = parent;
    const traceState =
      carrier.tracestate === undefined ? {} : { traceState: api.createTraceState(carrier.tracestate) };
    return api.trace.setSpanContext(api.ROOT_CONTEXT, {
      traceId,
      spanId,
      traceFlags: flags,
      isRemote: true,
      ...traceState,
    });
  };

  return {
    start(call, incoming) {
      const span = tracer.startSpan(
        spanName(call),
        { kind: api.SpanKind.SERVER, attributes: spanAttributes(call) },
        parentContext(incoming),
      );
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceId: span.isRecording() ? traceId : undefined,
        next: { ...incoming.carrier, traceparent: toTraceParent({ traceId, spanId, flags: traceFlags }) },
        end(result) {
          if (span.isRecording()) {
            span.setAttributes({
              'smcp.outcome': result.outcome,
              'smcp.policy_us': result.policyMicros,
              'smcp.upstream_us': result.upstreamMicros,
            });
            if (result.outcome !== 'ok') {
              span.setAttribute('error.type', result.outcome);
              span.setStatus({ code: api.SpanStatusCode.ERROR, message: result.outcome });
            }
          }
          span.end();
        },
      };
    },
    [Symbol.asyncDispose]: () => provider.shutdown(),
  };
}
