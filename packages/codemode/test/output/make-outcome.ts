import { DEFAULT_LIMITS, type Outcome } from '@smcp/sandbox';
import type { Execution } from '../../src/execute/execution.ts';

export const CONTEXT = { limits: DEFAULT_LIMITS, timeoutSeconds: 5, maxTimeoutSeconds: 120 };

export function makeOutcome(given: Partial<Outcome> = {}): Outcome {
  return { status: 'ok', output: [], droppedOutputBytes: 0, calls: [], usage: { wallMs: 10 }, ...given };
}

export function ran(
  given: Partial<Outcome> = {},
  rest: Partial<Extract<Execution, { status: 'ran' }>> = {},
): Execution {
  return { status: 'ran', outcome: makeOutcome(given), servers: [], notes: [], ...rest };
}

export const out = (...texts: readonly string[]): Outcome['output'] =>
  texts.map((text) => ({ stream: 'stdout', text }));

export const err = (...texts: readonly string[]): Outcome['output'] =>
  texts.map((text) => ({ stream: 'stderr', text }));
