import type { Effect } from '@smcp/policy';
import type { AuditRecord, RecordedEntry } from './audit-log.ts';

/** Which records to read; what is absent is not asked. Texts are compared whole. */
export interface AuditFilter {
  /** First moment, any form that `Date` reads with certainty, best ISO 8601. */
  readonly since?: string | undefined;
  /** First moment that is too late. */
  readonly until?: string | undefined;
  readonly principal?: string | undefined;
  readonly server?: string | undefined;
  /** Name of the tool or prompt, or URI of the resource. */
  readonly tool?: string | undefined;
  readonly effect?: Effect | undefined;
  readonly type?: RecordedEntry['type'] | undefined;
  /** Id of a call. */
  readonly call?: string | undefined;
  /** Only calls that scripts made. */
  readonly fromScripts?: boolean | undefined;
}

/** `follow`: an outcome that belongs into the answer when the call that it ends does. */
export type Match = 'yes' | 'no' | 'follow';

/**
 * Compiles a filter. Principal, server, tool and effect are known only of calls and refusals; an outcome then follows its call.
 *
 * @throws {RangeError} When a moment cannot be read.
 */
export function createAuditFilter(filter: AuditFilter): (record: AuditRecord) => Match {
  const since = toTime(filter.since, 'since') ?? -Infinity;
  const until = toTime(filter.until, 'until') ?? Infinity;
  const asksCall = asksAboutCalls(filter);
  return ({ entry }) => {
    if (filter.type !== undefined && entry.type !== filter.type) return 'no';
    if (filter.call !== undefined && !('call' in entry && entry.call === filter.call)) return 'no';
    if (asksCall && entry.type === 'outcome') return 'follow';
    const time = Date.parse(entry.time);
    if (!(time >= since && time < until)) return 'no';
    if (!asksCall) return 'yes';
    if (entry.type !== 'call' && entry.type !== 'refusal') return 'no';
    const matches =
      (filter.principal === undefined || entry.principal === filter.principal) &&
      (filter.server === undefined || entry.server === filter.server) &&
      (filter.tool === undefined || entry.name === filter.tool) &&
      (filter.effect === undefined || entry.decision.effect === filter.effect) &&
      (filter.fromScripts !== true || entry.parent !== undefined);
    return matches ? 'yes' : 'no';
  };
}

/** Whether a filter asks what is known of calls and refusals only. */
export function asksAboutCalls({ principal, server, tool, effect, fromScripts }: AuditFilter): boolean {
  return fromScripts === true || [principal, server, tool, effect].some((value) => value !== undefined);
}

function toTime(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new RangeError(
      `Audit filter ${name} is ${JSON.stringify(text.slice(0, 80))}, not a moment such as 2026-08-01T12:00:00Z`,
    );
  return time;
}
