import { HOP_PREFIX, type JsonObject, type JsonValue } from '@smcp/protocol';
import type { TraceCarrier } from '../telemetry/telemetry.ts';

const TRACE_KEYS = [
  'traceparent',
  'tracestate',
  'baggage',
] as const satisfies readonly (keyof TraceCarrier)[];
const TRACE_KEY_SET: ReadonlySet<string> = new Set(TRACE_KEYS);

/** W3C trace context as it stands in `_meta`. */
export function traceCarrier(meta: JsonObject | undefined): TraceCarrier {
  const carrier: { -readonly [key in keyof TraceCarrier]: string } = {};
  for (const key of TRACE_KEYS) {
    const value = meta?.[key];
    if (typeof value === 'string') {
      carrier[key] = value;
    }
  }
  return carrier;
}

/**
 * `_meta` for the next hop as JSON text: what the caller sent without the keys of its own hop, our progress token instead of the caller's, the trace context
 * of our span, and what this hop says of itself. Empty text when nothing is left.
 */
export function outgoingMeta(
  meta: JsonObject | undefined,
  id: number,
  trace: TraceCarrier,
  hop: JsonObject,
): string {
  const out: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(meta ?? {})) {
    if (!key.startsWith(HOP_PREFIX) && !TRACE_KEY_SET.has(key)) {
      out[key] = key === 'progressToken' ? id : value;
    }
  }
  Object.assign(out, trace, hop);
  return Object.keys(out).length === 0 ? '' : JSON.stringify(out);
}
