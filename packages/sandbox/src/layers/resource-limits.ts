/** Bounds that the kernel keeps on one process. */
export interface ResourceLimits {
  /** Private memory in bytes, heap and mappings together; undefined where the kernel does not count it. */
  readonly memoryBytes: number | undefined;
}

const SHELL = '/bin/sh';
const KIB = 1024;
const MAX_OPEN_FILES = 128;

/**
 * The same command behind a shell that sets limits and becomes the command: private memory, no core file, no file that grows, few descriptors; and the first
 * to go when the machine is out of memory. Not the number of processes: the kernel counts those of the user, wherever they are.
 */
export function withResourceLimits(command: readonly string[], limits: ResourceLimits): string[] {
  const script = [
    'echo 1000 2>/dev/null >/proc/self/oom_score_adj',
    'ulimit -c 0',
    'ulimit -f 0',
    // A lower limit of the machine's own is as good.
    `ulimit -n ${MAX_OPEN_FILES} 2>/dev/null`,
    ...(limits.memoryBytes === undefined
      ? []
      : [`ulimit -d ${Math.floor(limits.memoryBytes / KIB)} || exit 126`]),
    'exec "$@"',
  ];
  return [SHELL, '-c', script.join('; '), 'sh', ...command];
}
