/** What a process may take. */
export interface ProcessLimits {
  readonly memoryBytes: number;
  /** Seconds of processor time, for the case that nobody is left to end it. */
  readonly cpuSeconds: number;
}

const KIB = 1024;
/** The largest file that a compiler may write, in blocks of 512 bytes. */
const MAX_FILE_BLOCKS = (16 * KIB * KIB) / 512;

/**
 * The command under hard limits of the operating system, where there is a shell to set them.
 *
 * Memory is bounded by what can be written to (`-d`): the compiler reserves far more addresses than it uses, so that a bound on those (`-v`) either stops it
 * at once or never.
 */
export function limitedCommand(
  command: readonly string[],
  limits: ProcessLimits,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  if (platform === 'win32') return command;
  const bounds = [
    `ulimit -d ${Math.floor(limits.memoryBytes / KIB)}`,
    `ulimit -t ${limits.cpuSeconds}`,
    `ulimit -f ${MAX_FILE_BLOCKS}`,
    'ulimit -c 0',
  ];
  // A bound that cannot be set is set lower already, or unknown to the system.
  const script = [...bounds.map((bound) => `${bound} 2>/dev/null`), 'exec "$@"'].join('; ');
  return ['/bin/sh', '-c', script, 'sh', ...command];
}

/** The whole environment of a compiler: that it collects garbage before it reaches the hard limit, and is brief when it ends in a crash. */
export function compilerEnvironment(limits: ProcessLimits): Readonly<Record<string, string>> {
  return {
    GOMEMLIMIT: `${Math.floor((limits.memoryBytes * 3) / 4)}`,
    GOTRACEBACK: 'none',
    GOMAXPROCS: '2',
  };
}
