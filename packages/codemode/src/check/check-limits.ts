const KIB = 1024;
const MIB = 1024 * KIB;

/** What one check may cost. */
export interface CheckLimits {
  /** Bytes of a script. */
  readonly maxSourceBytes: number;
  /** Bytes of all declarations of a check together, those of earlier runs included. */
  readonly maxDeclarationBytes: number;
  /** Milliseconds of one check, from when its turn has come. */
  readonly timeoutMs: number;
  /** Bytes of memory of the compiler. */
  readonly maxMemoryBytes: number;
  /** Compilers at the same time; where there are several, one owner has at most all but one. */
  readonly concurrency: number;
  /** Checks that wait for their turn, half of them at most of one owner; further ones fail at once. */
  readonly maxWaiting: number;
  /** Things that a reply names; the others are counted. */
  readonly maxDiagnostics: number;
  /** Characters of a message. */
  readonly maxMessageChars: number;
  /** Bytes of what a session remembers of its variables; the types of the largest are forgotten first. */
  readonly maxDeclaresBytes: number;
  /** Verdicts that are remembered, and their bytes together. */
  readonly maxVerdicts: number;
  readonly maxVerdictBytes: number;
}

export const DEFAULT_CHECK_LIMITS: CheckLimits = Object.freeze({
  maxSourceBytes: 256 * KIB,
  maxDeclarationBytes: 8 * MIB,
  timeoutMs: 10_000,
  maxMemoryBytes: 512 * MIB,
  concurrency: 2,
  maxWaiting: 512,
  maxDiagnostics: 10,
  maxMessageChars: 600,
  maxDeclaresBytes: 64 * KIB,
  maxVerdicts: 256,
  maxVerdictBytes: 4 * MIB,
});

/**
 * Fills in the defaults.
 *
 * @throws {RangeError} when a limit is not a whole number, or below 1; `maxWaiting` and `maxVerdicts` may be 0.
 */
export function asCheckLimits(given: Partial<CheckLimits>): CheckLimits {
  const limits: CheckLimits = { ...DEFAULT_CHECK_LIMITS, ...given };
  for (const [name, value] of Object.entries(limits)) {
    const least = name === 'maxWaiting' || name === 'maxVerdicts' ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < least) {
      throw new RangeError(
        `Limit "${name}" of the checker is ${value}; it takes a whole number from ${least}`,
      );
    }
  }
  return limits;
}
