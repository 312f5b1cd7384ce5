import { readdirSync, readFileSync } from 'node:fs';

/** A process that cannot be mistaken for another one that has its number later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in the clock ticks of the system. */
  readonly startTicks: string;
}

interface ProcessFacts extends ProcessIdentity {
  readonly parent: number;
}

/** Everything that a process started, and what that started, and so on; the process itself not included. */
export function descendantsOf(root: number): readonly ProcessIdentity[] {
  const byParent = Map.groupBy(allProcesses(), ({ parent }) => parent);
  const found: ProcessIdentity[] = [];
  for (let level = byParent.get(root) ?? []; level.length > 0;) {
    found.push(...level.map(({ pid, startTicks }) => ({ pid, startTicks })));
    level = level.flatMap(({ pid }) => byParent.get(pid) ?? []);
  }
  return found;
}

/** Those that still run. */
export function stillRunning(processes: readonly ProcessIdentity[]): readonly ProcessIdentity[] {
  return processes.filter(({ pid, startTicks }) => ifFacts(pid)?.startTicks === startTicks);
}

/** How many files and connections a process has open; undefined when it is gone. */
export function ifOpenHandles(pid: number): number | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return undefined;
  }
}

function allProcesses(): readonly ProcessFacts[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (ifFacts(Number(name)) ?? []) : []));
}

function ifFacts(pid: number): ProcessFacts | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // proc(5): field 2 is a name in parentheses that may hold anything; state is field 3, the parent 4, the start 22.
  const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : { pid, parent: Number(fields[1]), startTicks: fields[19] ?? '' };
}
