import { readFileSync } from 'node:fs';

const TICK_US = 10_000;

/** Resident memory of a process in bytes; undefined where there is no `/proc`. */
export function ifResidentBytes(pid: number): number | undefined {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(ifText(`/proc/${pid}/status`) ?? '')?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}

/** CPU time that a process, without its children, has used so far, in microseconds to the nearest 10 ms; undefined where there is no `/proc`. */
export function ifCpuMicros(pid: number): number | undefined {
  // proc(5): user and system time are fields 14 and 15; field 2 is a name in parentheses that may hold anything.
  const fields = ifText(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ');
  return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

function ifText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
