/** Bounds of one run. Exceeding one ends the script, never anything else. */
export interface ScriptLimits {
  /** Characters of source, counted in UTF-8 bytes. */
  readonly sourceBytes: number;
  /** Memory of the script's own heap. Soft by some MiB; the process around it has a hard limit. */
  readonly heapBytes: number;
  /** Processor time of the script, in milliseconds. */
  readonly cpuMs: number;
  /** Time from start to end, in milliseconds, waiting for calls included, waiting for people not. */
  readonly wallMs: number;
  /** Everything printed, in bytes. What is over is dropped and said to be; ten times as much ends the script. */
  readonly outputBytes: number;
  /** The value that the script returns, as JSON text in bytes. */
  readonly resultBytes: number;
  /** Calls in one run. */
  readonly calls: number;
  /** Calls under way at the same time; more wait inside the script, up to `calls`. */
  readonly parallelCalls: number;
  /** JSON text of what a call is given, in bytes. */
  readonly callInputBytes: number;
  /** JSON text of what a call gives back, in bytes. */
  readonly callOutputBytes: number;
}

export type LimitName = keyof ScriptLimits;

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: ScriptLimits = Object.freeze({
  sourceBytes: 256 * 1024,
  heapBytes: 64 * MIB,
  cpuMs: 10_000,
  wallMs: 30_000,
  outputBytes: MIB,
  resultBytes: 8 * MIB,
  calls: 1000,
  parallelCalls: 16,
  callInputBytes: 8 * MIB,
  callOutputBytes: 8 * MIB,
});
