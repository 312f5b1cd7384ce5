import type { TraceCarrier } from './telemetry.ts';

/** A `traceparent` that follows the specification, taken apart. */
export interface TraceParent {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits, not all zero. */
  readonly spanId: string;
  /** Bit 0: sampled; bit 1: the trace id is random. */
  readonly flags: number;
}

export interface TraceContext {
  /** Undefined when nothing valid came in. */
  readonly parent: TraceParent | undefined;
  /** What may be passed on: a copy of what came in without anything invalid. */
  readonly carrier: TraceCarrier;
}

const MAX_TRACEPARENT = 256;
const MAX_TRACESTATE = 512;
const MAX_TRACESTATE_MEMBERS = 32;
const MAX_BAGGAGE = 8192;
const NOTHING: TraceContext = Object.freeze({ parent: undefined, carrier: Object.freeze({}) });

const PARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const STATE_KEY = /^(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})$/;
const STATE_VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;
const BAGGAGE = /^[\x20-\x7e\t]+$/;

/**
 * Reads the W3C context of a request. Never throws: what breaks a rule is left out, and a `tracestate` goes with its `traceparent`.
 *
 * A `traceparent` of a later version is read by its first four fields and passed on as version 00, the highest that we speak.
 *
 * @see https://www.w3.org/TR/trace-context/ sections 3.2 and 3.3, https://www.w3.org/TR/baggage/ section 3.3
 */
export function readTraceContext(incoming: TraceCarrier): TraceContext {
  const parent = incoming.traceparent === undefined ? undefined : ifTraceParent(incoming.traceparent);
  const tracestate =
    parent === undefined || incoming.tracestate === undefined ? undefined : ifTraceState(incoming.tracestate);
  const baggage =
    incoming.baggage !== undefined && isBaggage(incoming.baggage) ? incoming.baggage : undefined;
  if (parent === undefined && baggage === undefined) return NOTHING;
  return {
    parent,
    carrier: {
      ...(parent !== undefined && { traceparent: toTraceParent(parent) }),
      ...(tracestate !== undefined && { tracestate }),
      ...(baggage !== undefined && { baggage }),
    },
  };
}

/** Writes a `traceparent` of version 00. */
export function toTraceParent(parent: TraceParent): string {
  return `00-${parent.traceId}-${parent.spanId}-${parent.flags.toString(16).padStart(2, '0')}`;
}

export function ifTraceParent(text: unknown): TraceParent | undefined {
  if (typeof text !== 'string' || text.length > MAX_TRACEPARENT) return undefined;
  const match = PARENT.exec(text);
  if (match === null) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  // Only the two flags that are defined are passed on.
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & 0b11 };
}

/** Gives the list in its plain form, or undefined when any member is malformed, a key comes twice or the whole is too long. */
export function ifTraceState(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > MAX_TRACESTATE) return undefined;
  const members = text
    .split(',')
    .map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((member) => member !== '');
  if (members.length === 0 || members.length > MAX_TRACESTATE_MEMBERS) return undefined;
  const keys = new Set<string>();
  for (const member of members) {
    const equals = member.indexOf('=');
    const key = member.slice(0, Math.max(equals, 0));
    if (!STATE_KEY.test(key) || !STATE_VALUE.test(member.slice(equals + 1)) || keys.has(key))
      return undefined;
    keys.add(key);
  }
  return members.join(',');
}

function isBaggage(text: unknown): boolean {
  return typeof text === 'string' && text.length <= MAX_BAGGAGE && BAGGAGE.test(text);
}
