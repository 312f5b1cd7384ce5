import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessFacts {
  readonly pid: number;
  readonly command: string;
  /** Processor time used so far, in clock ticks. */
  readonly ticks: number;
}

/** Everything that a process started, and what that started, and so on. */
export function descendantsOf(root: number): readonly ProcessFacts[] {
  const all = readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? (ifProcess(Number(name)) ?? []) : [],
  );
  const byParent = Map.groupBy(all, ({ parent }) => parent);
  const found: ProcessFacts[] = [];
  for (let level = byParent.get(root) ?? []; level.length > 0;) {
    found.push(...level);
    level = level.flatMap(({ pid }) => byParent.get(pid) ?? []);
  }
  return found;
}

/** Processes that run scripts for a gateway: neither its servers nor the layers around them. */
export function runnersOf(gateway: number): readonly ProcessFacts[] {
  return descendantsOf(gateway).filter(
    ({ command }) =>
      command.includes('runner/main.js') && !command.startsWith('bwrap') && !command.includes('/bwrap '),
  );
}

function ifProcess(pid: number): (ProcessFacts & { readonly parent: number }) | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): field 2 is a name in parentheses that may hold anything; state is field 3, the parent 4, the times 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { pid, command, parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
