import type { CallSummary } from './join-calls.ts';

/** A call with those that were made in its course, in the order in which they began. */
export interface CallTree {
  readonly call: CallSummary;
  /** Milliseconds after the call at the root. */
  readonly afterMs: number;
  readonly children: readonly CallTree[];
}

const MAX_DEPTH = 32;

/**
 * Arranges the calls that scripts made under the one at the root.
 *
 * @param calls Any calls; those that belong to another root are left out.
 */
export function callTree(root: CallSummary, calls: Iterable<CallSummary>): CallTree {
  const byParent = new Map<string, CallSummary[]>();
  for (const call of calls) {
    if (call.parent !== undefined) {
      const siblings = byParent.get(call.parent);
      if (siblings === undefined) {
        byParent.set(call.parent, [call]);
      } else {
        siblings.push(call);
      }
    }
  }
  const start = Date.parse(root.time);
  const grow = (call: CallSummary, depth: number): CallTree => ({
    call,
    afterMs: Date.parse(call.time) - start,
    children:
      depth >= MAX_DEPTH ? [] : (byParent.get(call.call) ?? []).map((child) => grow(child, depth + 1)),
  });
  return grow(root, 0);
}
