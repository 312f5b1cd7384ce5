import type { SoakFigures } from './figures.ts';

/** Something that must hold in every run. */
export interface PromiseKept {
  readonly promise: string;
  /** What was found. */
  readonly found: string;
  /** Undefined: the run was too short to tell. */
  readonly kept: boolean | undefined;
}

const MIB = 1024 * 1024;
const SHOWN_TAGS = 5;

/** After the warm-up, growth of the gateway per minute that counts as none: what is left of the noise of a garbage collector over minutes. */
const FLAT = { bytes: 1.5 * MIB, handles: 2, processes: 0.1 } as const;

/** Below this time after the warm-up, a trend is noise. */
const TREND_MINUTES = 5;

/** Compares what a run found out with what is promised. */
export function checkPromises(figures: SoakFigures): readonly PromiseKept[] {
  const { calls, audit, trends } = figures;
  const none = (promise: string, tags: readonly string[]): PromiseKept => ({
    promise,
    found: tags.length === 0 ? 'none' : `${tags.length}: ${tags.slice(0, SHOWN_TAGS).join(', ')}`,
    kept: tags.length === 0,
  });
  const canTell = figures.options.minutes - figures.warmUpMinutes >= TREND_MINUTES;
  const flat = (promise: string, perMinute: number | undefined, bound: number): PromiseKept => ({
    promise: `${promise} grow by at most ${bound.toLocaleString('en')} a minute`,
    found: perMinute === undefined ? 'not measured' : Math.round(perMinute * 100) / 100 + ' a minute',
    kept: canTell ? perMinute !== undefined && perMinute <= bound : undefined,
  });
  return [
    none('Every call got an answer or an error', calls.lost),
    none('No call was carried out twice', calls.executedTwice),
    none('No answer without the work', calls.answeredNotExecuted),
    none('No work without a call', calls.executedNotMade),
    everyOne('Clients of every kind were answered', answeredByKind(figures)),
    everyOne(
      'Every server carried calls out',
      figures.options.upstreams.map((kind) => [kind, figures.executed[kind] ?? 0]),
    ),
    {
      promise: 'The gateway ran until it was asked to end',
      found: figures.gatewayEndedWell ? 'yes' : 'no',
      kept: figures.gatewayEndedWell,
    },
    {
      promise: 'The audit log is whole, with a record of every call that was carried out',
      found: audit.ok ? `${audit.records} records` : audit.said,
      kept: audit.ok && audit.records >= calls.executed,
    },
    { promise: 'No process is left over', found: `${figures.leftOver}`, kept: figures.leftOver === 0 },
    flat('Bytes of resident memory', trends?.residentBytes.perMinute, FLAT.bytes),
    flat('Open handles', trends?.handles.perMinute, FLAT.handles),
    flat('Processes', trends?.processes.perMinute, FLAT.processes),
  ];
}

/** Nothing can go wrong in calls that are never made: every share must be there. */
function everyOne(promise: string, shares: readonly (readonly [string, number])[]): PromiseKept {
  return {
    promise,
    found: shares.map(([name, count]) => `${name} ${count}`).join(', '),
    kept: shares.length > 0 && shares.every(([, count]) => count > 0),
  };
}

function answeredByKind({ options, workers }: SoakFigures): readonly (readonly [string, number])[] {
  return options.clients.map((kind) => [
    kind,
    workers.reduce((sum, worker) => sum + (worker.kind === kind ? worker.answered : 0), 0),
  ]);
}
