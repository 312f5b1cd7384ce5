import { BoundedLabels, OTHER_LABEL } from './bounded-labels.ts';

/** One line of `smcp_calls_total`. The label objects are made once and handed to every measurement. */
export interface CallSeries {
  readonly labels: Readonly<Record<'server' | 'tool' | 'outcome' | 'door', string>>;
  /** Labels of the duration, which knows neither tool nor door. */
  readonly timing: Readonly<Record<'server' | 'outcome', string>>;
  count: number;
}

const MAX_SERVERS = 1000;
const MAX_TOOLS = 2000;
const MAX_OUTCOMES = 64;
const MAX_DOORS = 32;
export const MAX_SERIES = 20_000;

/** Counts calls by server, tool, outcome and door. Bounded: 2,000 tools, 1,000 servers, 20,000 combinations; the rest is counted as `other`. */
export class CallSeriesTable {
  readonly #servers = new BoundedLabels(MAX_SERVERS, 100);
  readonly #tools = new BoundedLabels(MAX_TOOLS, 500);
  readonly #outcomes = new BoundedLabels(MAX_OUTCOMES);
  readonly #doors = new BoundedLabels(MAX_DOORS);
  readonly #tree = new Map<string, Map<string, Map<string, Map<string, CallSeries>>>>();
  readonly #timings = new Map<string, CallSeries['timing']>();
  readonly #all: CallSeries[] = [];

  get all(): readonly CallSeries[] {
    return this.#all;
  }

  /**
   * Finds the series of a call, or makes it.
   *
   * @param proven Whether server and tool exist for sure, see `BoundedLabels`.
   */
  find(server: string, tool: string, outcome: string, door: string, proven: boolean): CallSeries {
    const toolLabel = this.#tools.label(tool, proven);
    const serverLabel = this.#servers.label(server, proven);
    const outcomeLabel = this.#outcomes.label(outcome);
    const doorLabel = this.#doors.label(door);
    const found = this.#tree.get(serverLabel)?.get(toolLabel)?.get(outcomeLabel)?.get(doorLabel);
    if (found !== undefined) return found;
    if (this.#all.length < MAX_SERIES) return this.#add(serverLabel, toolLabel, outcomeLabel, doorLabel);
    // Full: what is left has one series per outcome, for which no room is needed beyond `MAX_OUTCOMES`.
    return (
      this.#tree.get(OTHER_LABEL)?.get(OTHER_LABEL)?.get(outcomeLabel)?.get(OTHER_LABEL) ??
      this.#add(OTHER_LABEL, OTHER_LABEL, outcomeLabel, OTHER_LABEL)
    );
  }

  #add(server: string, tool: string, outcome: string, door: string): CallSeries {
    const timingKey = `${server}\n${outcome}`;
    const timing = this.#timings.get(timingKey) ?? { server, outcome };
    this.#timings.set(timingKey, timing);
    const series: CallSeries = { labels: { server, tool, outcome, door }, timing, count: 0 };
    branch(branch(branch(this.#tree, server), tool), outcome).set(door, series);
    this.#all.push(series);
    return series;
  }
}

function branch<V>(tree: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const found = tree.get(key);
  if (found !== undefined) return found;
  const made = new Map<string, V>();
  tree.set(key, made);
  return made;
}
