import os from 'node:os';

/** How a runner ended. */
export interface RunnerExit {
  /** Why we killed it; undefined when it ended by itself. */
  readonly killedFor: string | undefined;
  /** Exit code, when no signal ended it. */
  readonly code: number | undefined;
  /** Such as `SIGABRT`, also when a process around it has told so by its exit code. */
  readonly signal: string | undefined;
  /** The end of what it wrote to standard error; never shown to the author of a script. */
  readonly stderr: string;
}

/** A shell or wrapper whose program was ended by signal N exits with this plus N. */
const SIGNAL_EXIT = 128;

const OUT_OF_MEMORY_SIGNALS = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV', 'SIGBUS', 'SIGKILL']);
const OUT_OF_MEMORY = /out of memory|heap limit|allocation failed|cannot allocate|bad_alloc|memoryerror/iu;

export function toRunnerExit(
  killedFor: string | undefined,
  code: number | null,
  signal: NodeJS.Signals | null,
  stderr: string,
): RunnerExit {
  const told = code !== null && code > SIGNAL_EXIT ? nameOfSignal(code - SIGNAL_EXIT) : undefined;
  return {
    killedFor,
    code: signal === null && told === undefined ? (code ?? undefined) : undefined,
    signal: signal ?? told,
    stderr,
  };
}

/**
 * Whether a runner evidently ended for want of memory: V8 aborts or traps when it cannot have more, and says so; an isolate over its bound is aborted without
 * a word.
 */
export function isOutOfMemory({ killedFor, signal, stderr }: RunnerExit): boolean {
  if (killedFor !== undefined || signal === undefined || !OUT_OF_MEMORY_SIGNALS.has(signal)) {
    return false;
  }
  return signal === 'SIGABRT' || signal === 'SIGTRAP' || OUT_OF_MEMORY.test(stderr);
}

export function describeExit({ killedFor, code, signal }: RunnerExit): string {
  if (killedFor !== undefined) {
    return `was killed: ${killedFor}`;
  }
  return signal === undefined ? `ended with code ${code ?? 'unknown'}` : `was ended by ${signal}`;
}

function nameOfSignal(number: number): string | undefined {
  return Object.entries(os.constants.signals).find(([, value]) => value === number)?.[0];
}
