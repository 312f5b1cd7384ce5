import type { JsonValue } from '../jsonrpc/messages.ts';

/** Bounds of one JSON text. Every one is checked before the value is used. */
export interface JsonLimits {
  /** Length of the text in UTF-16 code units. */
  readonly maxLength: number;
  /** Nesting of arrays and objects; the outermost one is depth 1. */
  readonly maxDepth: number;
  /** Members and elements in the whole text. */
  readonly maxNodes: number;
}

/** Where a value stands in its text: `[start, end)` in UTF-16 code units. */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * A parsed JSON text that remembers where the members of its outer object, and of that object's `params`, stand, so that a forwarder can replace a
 * few members and pass the others on exactly as they were written (number text, escapes and all).
 */
export interface JsonDocument {
  readonly text: string;
  readonly value: JsonValue;
  /** Members of the outermost object; empty when the outermost value is not an object. Keys are unescaped. */
  readonly members: ReadonlyMap<string, JsonSpan>;
  /** Members of the outer object's `params`; empty when that is absent or not an object. */
  readonly paramMembers: ReadonlyMap<string, JsonSpan>;
  /**
   * False when a number in the text means something else to JavaScript than to a reader with more precision: it lies beyond ±(2^53 - 1), overflows,
   * or vanishes to zero. A decimal that is only rounded, such as 0.1, counts as exact.
   */
  readonly exactNumbers: boolean;
}
