import {
  assemble,
  give,
  load,
  skipIfEqual,
  unlessAnyBitSkip,
  unlessAtLeastSkip,
  unlessEqualSkip,
  type Instruction,
} from './bpf.ts';
import { DENIED_SYSCALLS, PROCESS_SYSCALLS, type SyscallNumbers } from './denied-syscalls.ts';

export type SeccompArchitecture = 'x64' | 'arm64';

export interface SeccompOptions {
  readonly architecture: SeccompArchitecture;
  /** Refuse to start processes; threads are still allowed. */
  readonly threadsOnly: boolean;
}

// Offsets in struct seccomp_data, low halves of arguments.
const NUMBER = 0;
const ARCHITECTURE = 4;
const FIRST_ARGUMENT = 16;
const FOURTH_ARGUMENT = 40;

const ALLOW = 0x7fff_0000;
const KILL_PROCESS = 0x8000_0000;
const ERRNO = 0x0005_0000;
const EPERM = 1;
const ENOSYS = 38;

const MACHINES = {
  x64: { audit: 0xc000_003e, index: 0, clone: 56, clone3: 435, mmap: 9 },
  arm64: { audit: 0xc000_00b7, index: 1, clone: 220, clone3: 435, mmap: 222 },
} as const;

/** Calls of the 32-bit pointer flavour of x64 have this bit in their number. */
const X32_BIT = 0x4000_0000;
/** The first number whose meaning was not looked at when this was written. */
const FIRST_UNKNOWN = 463;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const CLONE_NEW = 0x7e02_0000;
const CLONE_THREAD = 0x0001_0000;
const MAP_SHARED = 0x01;
const MAP_ANONYMOUS = 0x20;

export function ifSeccompArchitecture(architecture: string): SeccompArchitecture | undefined {
  return architecture === 'x64' || architecture === 'arm64' ? architecture : undefined;
}

/**
 * A seccomp filter as bubblewrap's `--seccomp` takes it.
 *
 * Allows what is not known to be dangerous. Denied calls fail with EPERM; `clone3` and calls newer than this list fail with ENOSYS, which makes the C library
 * take the older way, whose flags can be looked at. A call of another architecture kills the process.
 */
export function buildSeccompFilter({ architecture, threadsOnly }: SeccompOptions): Buffer {
  const machine = MACHINES[architecture];
  const denied = numbersOf(DENIED_SYSCALLS, machine.index);
  if (threadsOnly) {
    denied.push(...numbersOf(PROCESS_SYSCALLS, machine.index));
  }
  return assemble([
    load(ARCHITECTURE),
    skipIfEqual(machine.audit, 1),
    give(KILL_PROCESS),
    load(NUMBER),
    ...(architecture === 'x64' ? [unlessAtLeastSkip(X32_BIT, 1), give(KILL_PROCESS)] : []),
    unlessAtLeastSkip(FIRST_UNKNOWN, 1),
    give(ERRNO | ENOSYS),
    unlessEqualSkip(machine.clone3, 1),
    give(ERRNO | ENOSYS),
    ...denied.flatMap((number) => [unlessEqualSkip(number, 1), give(ERRNO | EPERM)]),
    ...cloneRules(machine.clone, threadsOnly),
    ...mmapRules(machine.mmap),
    give(ALLOW),
  ]);
}

function cloneRules(clone: number, threadsOnly: boolean): Instruction[] {
  const flags = [
    load(FIRST_ARGUMENT),
    unlessAnyBitSkip(CLONE_NEW, 1),
    give(ERRNO | EPERM),
    ...(threadsOnly ? [unlessAnyBitSkip(CLONE_THREAD, 1), give(ALLOW), give(ERRNO | EPERM)] : [give(ALLOW)]),
  ];
  return [unlessEqualSkip(clone, flags.length), ...flags];
}

/** Shared memory without a file is not counted by the limit on private memory. */
function mmapRules(mmap: number): Instruction[] {
  const flags = [
    load(FOURTH_ARGUMENT),
    unlessAnyBitSkip(MAP_ANONYMOUS, 2),
    unlessAnyBitSkip(MAP_SHARED, 1),
    give(ERRNO | EPERM),
    give(ALLOW),
  ];
  return [unlessEqualSkip(mmap, flags.length), ...flags];
}

function numbersOf(calls: Readonly<Record<string, SyscallNumbers>>, index: 0 | 1): number[] {
  return Object.values(calls)
    .map((numbers) => numbers[index])
    .filter((number) => number !== undefined);
}
