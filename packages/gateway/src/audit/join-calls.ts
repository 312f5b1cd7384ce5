import type {
  AuditRecord,
  CallEntry,
  CallFacts,
  OutcomeEntry,
  QuestionCounts,
  RefusalEntry,
} from './audit-log.ts';

/** One call with what came of it. */
export interface CallSummary extends CallFacts {
  readonly time: string;
  readonly writer: string;
  /** Number of the call's record. */
  readonly seq: number;
  /** As recorded; `refused`: by the gate itself; `open`: there is no outcome, because the call runs or the gateway was killed meanwhile. */
  readonly outcome: OutcomeEntry['outcome'] | 'refused' | 'open';
  /** Why the gate refused. */
  readonly code?: string;
  readonly upstreamMicros?: number;
  readonly resultBytes?: number;
  readonly error?: string;
  readonly rounds?: number;
  readonly questions?: QuestionCounts;
}

/** Calls that wait for their outcome, or outcomes for their call; older ones are given as they are. */
const MAX_WAITING = 10_000;

/**
 * Joins calls with their outcomes and keeps the order of the calls, whether the records come first or last first. Records of other kinds are passed over.
 *
 * @yields One summary per call or refusal.
 */
export async function* joinCalls(
  records: AsyncIterable<AuditRecord> | Iterable<AuditRecord>,
): AsyncGenerator<CallSummary, void> {
  const waiting = new Map<
    string,
    { readonly record: AuditRecord; readonly entry: CallEntry | RefusalEntry; outcome?: OutcomeEntry }
  >();
  const early = new Map<string, OutcomeEntry>();
  for await (const record of records) {
    const { entry } = record;
    if (entry.type === 'outcome') {
      const call = waiting.get(entry.call);
      if (call !== undefined) call.outcome = entry;
      else early.set(entry.call, entry);
      if (early.size > MAX_WAITING) early.delete(early.keys().next().value ?? '');
    } else if (entry.type === 'call' || entry.type === 'refusal') {
      const outcome = early.get(entry.call);
      early.delete(entry.call);
      waiting.set(entry.call, { record, entry, ...(outcome === undefined ? {} : { outcome }) });
    }
    for (const [call, { record, entry, outcome }] of waiting) {
      if (entry.type === 'call' && outcome === undefined && waiting.size <= MAX_WAITING) break;
      waiting.delete(call);
      yield summarize(record, entry, outcome);
    }
  }
  for (const { record, entry, outcome } of waiting.values()) yield summarize(record, entry, outcome);
}

function summarize(
  record: AuditRecord,
  entry: CallEntry | RefusalEntry,
  ended: OutcomeEntry | undefined,
): CallSummary {
  const { type, ...facts } = entry;
  const { writer, seq } = record;
  if (type === 'refusal') return { ...facts, writer, seq, outcome: 'refused' };
  if (ended === undefined) return { ...facts, writer, seq, outcome: 'open' };
  const { outcome, upstreamMicros, resultBytes, error, rounds, questions } = ended;
  return {
    ...facts,
    writer,
    seq,
    outcome,
    upstreamMicros,
    ...(resultBytes === undefined ? {} : { resultBytes }),
    ...(error === undefined ? {} : { error }),
    ...(rounds === undefined ? {} : { rounds }),
    ...(questions === undefined ? {} : { questions }),
  };
}
