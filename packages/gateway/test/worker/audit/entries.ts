import type { CallEntry, OutcomeEntry, RefusalEntry } from '../../../src/audit/index.ts';

export const TIME = '2026-11-20T08:00:00.000Z';

const FACTS = {
  principal: 'alice',
  tenant: 'acme',
  door: 'mcp',
  server: 'files',
  kind: 'tool',
  name: 'read',
  method: 'tools/call',
  decision: { effect: 'allow', rule: null, source: null, reasons: [] },
  policyMicros: 7,
} as const;

export function callEntry(call: string): CallEntry {
  return { type: 'call', time: TIME, call, ...FACTS };
}

export function refusalEntry(call: string): RefusalEntry {
  return { type: 'refusal', time: TIME, code: 'DENIED', call, ...FACTS };
}

export function outcomeEntry(call: string): OutcomeEntry {
  return { type: 'outcome', time: TIME, call, outcome: 'ok', upstreamMicros: 9 };
}
