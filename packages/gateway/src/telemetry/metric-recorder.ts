import type { Histogram, Meter } from '@opentelemetry/api';
import { BoundedLabels } from './bounded-labels.ts';
import { CallSeriesTable } from './call-series.ts';
import type { CallAttributes } from './telemetry.ts';

const MAX_CODES = 256;
const MAX_GAUGES = 500;
/** Measurements kept while the SDK is still loading. */
const MAX_EARLY = 10_000;

const CALL_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const POLICY_SECONDS = [1e-6, 2e-6, 5e-6, 10e-6, 20e-6, 50e-6, 100e-6, 200e-6, 500e-6, 1e-3, 5e-3, 25e-3];
const GAUGE_NAME = /^[a-z][a-z0-9_]{0,199}$/;

export interface CallResult {
  readonly outcome: string;
  readonly policyMicros: number;
  readonly upstreamMicros: number;
}

/**
 * Counts what happens at the gate. Counters are plain numbers that OpenTelemetry reads at each collection; only the two histograms go through its instruments on every call. Works
 * before `attach`: counters and up to 10,000 durations are kept until then. No label names a principal.
 */
export class MetricRecorder {
  readonly #calls = new CallSeriesTable();
  readonly #refusals = new CodeCounts();
  readonly #authFailures = new CodeCounts();
  readonly #gauges = new Map<string, { help: string; read: () => number }>();
  #early: (() => void)[] = [];
  #meter: Meter | undefined;
  #callSeconds: Histogram | undefined;
  #policySeconds: Histogram | undefined;

  recordCall(call: CallAttributes, result: CallResult, seconds: number): void {
    const proven = result.upstreamMicros > 0;
    const series = this.#calls.find(call.server, toolLabel(call), result.outcome, call.door, proven);
    series.count += 1;
    const policySeconds = Math.max(0, result.policyMicros) / 1e6;
    if (this.#callSeconds !== undefined) {
      this.#callSeconds.record(Math.max(0, seconds), series.timing);
      this.#policySeconds?.record(policySeconds);
    } else if (this.#early.length < MAX_EARLY) {
      this.#early.push(() => {
        this.#callSeconds?.record(Math.max(0, seconds), series.timing);
        this.#policySeconds?.record(policySeconds);
      });
    }
  }

  recordRefusal(code: string): void {
    this.#refusals.add(code);
  }

  recordAuthFailure(code: string): void {
    this.#authFailures.add(code);
  }

  /** Registers a gauge; a second one of the same name replaces the reader. A name that Prometheus would refuse, or more than 500 names, are ignored. */
  observe(name: string, help: string, read: () => number): void {
    if (!GAUGE_NAME.test(name)) return;
    const known = this.#gauges.has(name);
    if (!known && this.#gauges.size >= MAX_GAUGES) return;
    this.#gauges.set(name, { help, read });
    if (!known && this.#meter !== undefined) this.#addGauge(this.#meter, name);
  }

  /** Connects everything counted so far, and from now on, with the meter of the SDK. */
  attach(meter: Meter): void {
    this.#meter = meter;
    meter
      .createObservableCounter('smcp_calls_total', {
        description: 'Calls through the gate by server, tool, outcome and door',
      })
      .addCallback((sink) => {
        for (const series of this.#calls.all) sink.observe(series.count, series.labels);
      });
    observeCodes(meter, 'smcp_refusals_total', 'Requests that the gate refused, by code', this.#refusals);
    observeCodes(meter, 'smcp_auth_failures_total', 'Failed logins by code', this.#authFailures);
    this.#callSeconds = meter.createHistogram('smcp_call_duration_seconds', {
      description: 'Time from the arrival of a call to its end',
      unit: 's',
      advice: { explicitBucketBoundaries: CALL_SECONDS },
    });
    this.#policySeconds = meter.createHistogram('smcp_policy_duration_seconds', {
      description: 'Time spent deciding whether a call may happen',
      unit: 's',
      advice: { explicitBucketBoundaries: POLICY_SECONDS },
    });
    for (const name of this.#gauges.keys()) this.#addGauge(meter, name);
    const early = this.#early;
    this.#early = [];
    for (const record of early) record();
  }

  #addGauge(meter: Meter, name: string): void {
    meter
      .createObservableGauge(name, { description: this.#gauges.get(name)?.help ?? '' })
      .addCallback((sink) => {
        const value = readGauge(this.#gauges.get(name)?.read);
        if (value !== undefined) sink.observe(value);
      });
  }
}

/** Tool and prompt names are labels; the addresses of resources are not, they are endless and may be private. */
function toolLabel(call: CallAttributes): string {
  if (call.kind === 'resource') return 'resources';
  if (call.name === '') return call.method;
  return call.kind === 'prompt' ? `prompts/${call.name}` : call.name;
}

function readGauge(read: (() => number) | undefined): number | undefined {
  try {
    const value = read?.();
    return value !== undefined && Number.isFinite(value) ? value : undefined;
  } catch {
    // A value that cannot be read is absent from this collection; the others must not suffer.
    return undefined;
  }
}

class CodeCounts {
  readonly #labels = new BoundedLabels(MAX_CODES);
  readonly #counts = new Map<string, { readonly labels: { readonly code: string }; count: number }>();

  get all(): Iterable<{ readonly labels: { readonly code: string }; readonly count: number }> {
    return this.#counts.values();
  }

  add(value: string): void {
    const code = this.#labels.label(value);
    const entry = this.#counts.get(code);
    if (entry === undefined) this.#counts.set(code, { labels: { code }, count: 1 });
    else entry.count += 1;
  }
}

function observeCodes(meter: Meter, name: string, description: string, counts: CodeCounts): void {
  meter.createObservableCounter(name, { description }).addCallback((sink) => {
    for (const { labels, count } of counts.all) sink.observe(count, labels);
  });
}
