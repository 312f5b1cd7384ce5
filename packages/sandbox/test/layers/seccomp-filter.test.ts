import { describe, expect, it } from 'vitest';
import { DENIED_SYSCALLS, PROCESS_SYSCALLS } from '../../src/layers/denied-syscalls.ts';
import { buildSeccompFilter, ifSeccompArchitecture } from '../../src/layers/seccomp-filter.ts';
import { runFilter } from '../helpers/bpf-machine.ts';

const X64 = 0xc000_003e;
const ARM64 = 0xc000_00b7;
const I386 = 0x4000_0003;

const ALLOW = 0x7fff_0000;
const KILL = 0x8000_0000;
const EPERM = 0x0005_0001;
const ENOSYS = 0x0005_0026;

const CLONE_THREAD_FLAGS = 0x003d_0f00;
const CLONE_CHILD_FLAGS = 0x0120_0011;

const machines = [
  { architecture: 'x64', audit: X64, column: 0, clone: 56, mmap: 9, read: 0, execve: 59 },
  { architecture: 'arm64', audit: ARM64, column: 1, clone: 220, mmap: 222, read: 63, execve: 221 },
] as const;

describe.each(machines)('buildSeccompFilter() for $architecture', (machine) => {
  const filter = buildSeccompFilter({ architecture: machine.architecture, threadsOnly: true });
  const verdict = (number: number, args: readonly number[] = []): number =>
    runFilter(filter, { architecture: machine.audit, number, args });

  it.each(Object.entries(DENIED_SYSCALLS))('refuses %s', (_name, numbers) => {
    const number = numbers[machine.column];
    expect(number === undefined ? EPERM : verdict(number)).toBe(EPERM);
  });

  it('allows to read, and to be started', () => {
    expect(verdict(machine.read)).toBe(ALLOW);
    expect(verdict(machine.execve)).toBe(ALLOW);
  });

  it('allows threads', () => {
    expect(verdict(machine.clone, [CLONE_THREAD_FLAGS])).toBe(ALLOW);
  });

  it('refuses processes', () => {
    expect(verdict(machine.clone, [CLONE_CHILD_FLAGS])).toBe(EPERM);
    for (const numbers of Object.values(PROCESS_SYSCALLS)) {
      const number = numbers[machine.column];
      expect(number === undefined ? EPERM : verdict(number)).toBe(EPERM);
    }
  });

  it.each([0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000])(
    'refuses a thread in new namespaces, flag %i',
    (flag) => {
      expect(verdict(machine.clone, [CLONE_THREAD_FLAGS | flag])).toBe(EPERM);
    },
  );

  it('hides clone3, whose flags cannot be looked at', () => {
    expect(verdict(435)).toBe(ENOSYS);
  });

  it('hides calls that are newer than it', () => {
    expect(verdict(462)).toBe(ALLOW);
    expect(verdict(463)).toBe(ENOSYS);
    expect(verdict(1000)).toBe(ENOSYS);
  });

  it('refuses shared memory that no limit counts', () => {
    const [privately, shared] = [0x22, 0x21];
    expect(verdict(machine.mmap, [0, 4096, 3, privately])).toBe(ALLOW);
    expect(verdict(machine.mmap, [0, 4096, 3, shared])).toBe(EPERM);
    expect(verdict(machine.mmap, [0, 4096, 1, 0x01])).toBe(ALLOW);
  });

  it('kills at a call of another architecture', () => {
    for (const architecture of [X64, ARM64, I386, 0].filter((other) => other !== machine.audit)) {
      expect(runFilter(filter, { architecture, number: machine.read })).toBe(KILL);
    }
  });

  it('leaves processes alone when the engine needs them', () => {
    const open = buildSeccompFilter({ architecture: machine.architecture, threadsOnly: false });
    const at = (number: number, args: readonly number[] = []): number =>
      runFilter(open, { architecture: machine.audit, number, args });
    expect(at(machine.clone, [CLONE_CHILD_FLAGS])).toBe(ALLOW);
    expect(at(machine.clone, [CLONE_CHILD_FLAGS | 0x1000_0000])).toBe(EPERM);
    expect(at(PROCESS_SYSCALLS['socketpair']![machine.column]!)).toBe(ALLOW);
  });

  it('is one that the kernel takes: below 4096 instructions', () => {
    expect(filter.length % 8).toBe(0);
    expect(filter.length / 8).toBeLessThan(4096);
  });
});

describe('buildSeccompFilter()', () => {
  it('kills at calls of the 32-bit pointer flavour of x64', () => {
    const filter = buildSeccompFilter({ architecture: 'x64', threadsOnly: true });
    expect(runFilter(filter, { architecture: X64, number: 0x4000_0000 })).toBe(KILL);
    expect(runFilter(filter, { architecture: X64, number: 0x4000_0029 })).toBe(KILL);
    expect(runFilter(filter, { architecture: X64, number: 0xffff_ffff })).toBe(KILL);
  });
});

describe('DENIED_SYSCALLS', () => {
  it('names no number twice', () => {
    for (const column of [0, 1] as const) {
      const numbers = [...Object.values(DENIED_SYSCALLS), ...Object.values(PROCESS_SYSCALLS)]
        .map((pair) => pair[column])
        .filter((number) => number !== undefined);
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });
});

describe('ifSeccompArchitecture()', () => {
  it('knows no others than it assembles for', () => {
    expect(['x64', 'arm64', 'ia32', 'riscv64', 'toString'].map(ifSeccompArchitecture)).toEqual([
      'x64',
      'arm64',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
