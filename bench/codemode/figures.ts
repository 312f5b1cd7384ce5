import type { Machine } from '../machine.ts';
import type { ContenderName } from './contenders/contenders.ts';
import type { CodemodeSettings } from './options.ts';

/** Memory of several processes together. */
export interface ProcessMemory {
  readonly processes: number;
  readonly residentBytes: number;
  /** Each page counted once, divided among those who share it. */
  readonly proportionalBytes: number;
}

/** What one contender did in one round; latencies in milliseconds. */
export interface ContenderRound {
  /** A script that returns a number, in a fresh sandbox. */
  readonly freshP50Ms: number;
  readonly freshP99Ms: number;
  /** How many of them were measured. */
  readonly freshRuns: number;
  /** Of the same script, four at the same time. */
  readonly runsPerSecond: number;
  /** One call of a tool that is a function beside the sandbox. */
  readonly callMicros: number;
  /** A script that makes ten calls of 100 ms at the same time. */
  readonly waitsMs: number;
  /** A script that calls for a text of 1 MiB and returns its length. */
  readonly bigResultMs: number;
  /** A script that returns a text of 1 MiB. */
  readonly bigValueMs: number;
}

export interface ContenderFigures {
  readonly name: ContenderName;
  readonly sandbox: string;
  /** From starting its process to the first value, and from opening it in a running process; one value per start. */
  readonly startMs: readonly number[];
  readonly openMs: readonly number[];
  /** Way to the place where scripts are started, taken off the latency of fresh scripts; 0 where that is the process itself. */
  readonly reachMs: number;
  readonly rounds: readonly ContenderRound[];
  /** All its processes after the first value, and after all rounds. Absent where the system does not tell. */
  readonly memoryFirst?: ProcessMemory | undefined;
  readonly memoryEnd?: ProcessMemory | undefined;
}

/** Open sessions that keep variables and do nothing. */
export interface SessionFigures {
  readonly sessions: number;
  /** What the processes of the engine hold more than without sessions. */
  readonly added: ProcessMemory;
}

export interface SavingFigures {
  readonly calls: number;
  /** Of so many plain calls of one client, one after another. */
  readonly plainMs: number;
  /** Of one script that makes them. */
  readonly scriptMs: number;
}

/** What a client of the gateway saw in one round. */
export interface GatewayRound {
  readonly uncheckedP50Ms: number;
  readonly uncheckedP99Ms: number;
  /** Scripts that were never seen before, checked against the types of the tools. */
  readonly checkedP50Ms: number;
  readonly checkedP99Ms: number;
  /** Four clients, unchecked. */
  readonly runsPerSecond: number;
  /** A plain `tools/call` of a client. */
  readonly plainP50Ms: number;
  readonly plainP99Ms: number;
  /** A call inside a script, by the clock of the script. */
  readonly insideP50Ms: number;
  readonly insideP99Ms: number;
  readonly waitsMs: number;
  readonly bigResultMs: number;
  readonly bigValueMs: number;
  readonly savings: readonly SavingFigures[];
}

export interface GatewayFigures {
  /** From starting the process until it listens, and from then to the first value; one value per start. */
  readonly listenMs: readonly number[];
  readonly firstValueMs: readonly number[];
  readonly rounds: readonly GatewayRound[];
  /** Definitions that `tools/list` of the door gives. */
  readonly contextTokens: number;
}

export interface CheckerFigures {
  readonly lines: number;
  readonly tools: number;
  readonly declarationBytes: number;
  /** Making the declarations. */
  readonly declareMs: readonly number[];
  /** The first check of a process. */
  readonly firstMs: number;
  /** Scripts that were never seen before. */
  readonly warmMs: readonly number[];
  /** A script that was checked before. */
  readonly againMs: readonly number[];
}

export interface SearchFigures {
  readonly servers: number;
  readonly tools: number;
  /** The first search, which makes the index. */
  readonly firstMs: number;
  readonly queries: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Everything that one run measured. */
export interface CodemodeFigures {
  readonly startedAt: string;
  readonly seconds: number;
  readonly machine: Machine;
  /** Load average of the minute before the end. */
  readonly loadAfter: number;
  readonly settings: CodemodeSettings;
  readonly contenders: readonly ContenderFigures[];
  /** Why a contender is not among them. */
  readonly leftOut: Readonly<Partial<Record<ContenderName, string>>>;
  readonly sessions: readonly SessionFigures[];
  readonly gateway: GatewayFigures;
  readonly checker: CheckerFigures;
  readonly search: SearchFigures;
}
