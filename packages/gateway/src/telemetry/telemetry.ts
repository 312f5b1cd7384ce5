/** What the gate tells about itself. Every method is cheap, never throws and does nothing when telemetry is off. */
export interface Telemetry extends AsyncDisposable {
  /**
   * Starts the span of one call through the gate. `carrier` is the W3C context that came in (`traceparent`, `tracestate`); invalid context is ignored.
   */
  startCall(attributes: CallAttributes, carrier: TraceCarrier): CallSpan;
  countRefusal(code: string): void;
  countAuthFailure(code: string): void;
  /** Registers a value read at each collection, such as open sessions. */
  observe(name: string, help: string, read: () => number): void;
  /** Text for Prometheus, or undefined when `/metrics` is off. */
  metricsText(): Promise<string | undefined>;
}

export interface CallAttributes {
  readonly server: string;
  readonly kind: string;
  readonly name: string;
  readonly method: string;
  readonly door: string;
  readonly principal: string;
}

export interface TraceCarrier {
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly baggage?: string;
}

export interface CallSpan {
  /** Set when this span is recorded. */
  readonly traceId: string | undefined;
  /** Context for the next hop: this span's when tracing is on, otherwise what came in. */
  readonly next: TraceCarrier;
  end(result: {
    readonly outcome: string;
    readonly policyMicros: number;
    readonly upstreamMicros: number;
  }): void;
}

export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
