import { readFile } from 'node:fs/promises';

/** What the processes of a runner use together. */
export interface TreeUsage {
  readonly residentBytes: number;
  /** Processor time since each was started. */
  readonly cpuMs: number;
}

const KIB = 1024;
/** What the kernel tells user space, on every architecture: USER_HZ. */
const MS_PER_TICK = 10;
/** More than any runner has: wrapper, first process of its namespace, the runner. */
const MAX_PROCESSES = 16;

/**
 * Reads what a process and its descendants use.
 *
 * @returns Undefined where there is no `/proc` or when the process has ended.
 */
export async function ifTreeUsage(pid: number): Promise<TreeUsage | undefined> {
  const pids = [pid];
  let residentBytes = 0;
  let cpuMs = 0;
  try {
    for (let index = 0; index < pids.length && index < MAX_PROCESSES; index += 1) {
      const id = pids[index] ?? pid;
      const [status, stat, children] = await Promise.all([
        readFile(`/proc/${id}/status`, 'latin1'),
        readFile(`/proc/${id}/stat`, 'latin1'),
        readFile(`/proc/${id}/task/${id}/children`, 'latin1'),
      ]);
      residentBytes += Number(/^VmRSS:\s+(\d+) kB/mu.exec(status)?.[1] ?? 0) * KIB;
      cpuMs += ticksOf(stat) * MS_PER_TICK;
      pids.push(...children.split(' ').filter(Boolean).map(Number));
    }
  } catch {
    // Ended meanwhile, or a system without /proc.
    return undefined;
  }
  return { residentBytes, cpuMs };
}

/** Fields 14 and 15 of proc(5) `stat`, counted behind the name, which may hold anything. */
function ticksOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}
