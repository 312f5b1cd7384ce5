import { readFileSync } from 'node:fs';
import { descendantsOf } from '../../soak/watch/process-tree.ts';
import type { ProcessMemory } from '../figures.ts';

/**
 * Memory of a process and everything that it started; undefined where the system does not tell. A process that ends meanwhile is left out.
 *
 * @param options.root Whether the process itself counts.
 */
export function ifTreeMemory(pid: number, { root }: { readonly root: boolean }): ProcessMemory | undefined {
  let pids: readonly number[];
  try {
    pids = descendantsOf(pid).map((found) => found.pid);
  } catch {
    return undefined;
  }
  const found = [...(root ? [pid] : []), ...pids].flatMap((one) => ifMemory(one) ?? []);
  return root && found.length === 0 ? undefined : sum(found);
}

/** What one measurement has more than an earlier one. */
export function addedTo(before: ProcessMemory, after: ProcessMemory): ProcessMemory {
  return {
    processes: after.processes - before.processes,
    residentBytes: after.residentBytes - before.residentBytes,
    proportionalBytes: after.proportionalBytes - before.proportionalBytes,
  };
}

/** Reads `smaps_rollup` of a process, proc(5). */
export function parseRollup(text: string): ProcessMemory | undefined {
  const bytes = (field: string): number | undefined => {
    const kib = new RegExp(String.raw`^${field}:\s+(\d+) kB$`, 'm').exec(text)?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  };
  const [residentBytes, proportionalBytes] = [bytes('Rss'), bytes('Pss')];
  return residentBytes === undefined || proportionalBytes === undefined
    ? undefined
    : { processes: 1, residentBytes, proportionalBytes };
}

function ifMemory(pid: number): ProcessMemory | undefined {
  try {
    return parseRollup(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  } catch {
    return undefined;
  }
}

function sum(all: readonly ProcessMemory[]): ProcessMemory {
  return all.reduce(
    (total, one) => ({
      processes: total.processes + one.processes,
      residentBytes: total.residentBytes + one.residentBytes,
      proportionalBytes: total.proportionalBytes + one.proportionalBytes,
    }),
    { processes: 0, residentBytes: 0, proportionalBytes: 0 },
  );
}
