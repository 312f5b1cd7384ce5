import type { Machine } from './machine.ts';
import type { Settings } from './options.ts';
import type { PolicyDecisionFigures } from './policy-decision.ts';

export const UPSTREAMS = ['stdio echo', 'stdio server-everything', 'HTTP echo'] as const;
export type UpstreamName = (typeof UPSTREAMS)[number];

export type Way = 'direct' | 'smcp' | 'mcp-proxy' | 'supergateway';

/** What the load generator saw in one round. Latencies are those of correct answers. */
export interface RoundFigures {
  /** Correct answers within the time. */
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Everything that was not the right answer, by kind. */
  readonly errors: Readonly<Record<string, number>>;
  /** Share of one core that the load generator used. */
  readonly generatorCpu: number;
  /** CPU time of the process in the middle, per call, in microseconds; absent where unknown or where there is none. */
  readonly cpuMicrosPerCall?: number | undefined;
}

/** One way to one upstream with one number of clients, in all rounds. */
export interface CallFigures {
  readonly upstream: UpstreamName;
  readonly way: Way;
  readonly clients: number;
  readonly rounds: readonly RoundFigures[];
}

export interface MemoryFigures {
  readonly what: string;
  readonly residentBytes: number;
}

/** Everything that one run measured. */
export interface BenchFigures {
  readonly startedAt: string;
  readonly seconds: number;
  readonly machine: Machine;
  readonly settings: Settings;
  readonly policy: PolicyDecisionFigures;
  readonly calls: readonly CallFigures[];
  readonly memory: readonly MemoryFigures[];
  /** Milliseconds from starting the process to accepting connections. */
  readonly startMs: readonly number[];
}

/** How many calls in all rounds failed. */
export function errorCount({ rounds }: CallFigures): number {
  return rounds.flatMap(({ errors }) => Object.values(errors)).reduce((sum, count) => sum + count, 0);
}
