import type { ScriptFailure, OutcomeStatus } from '../../outcome.ts';
import { isOutOfMemory, type RunnerExit } from '../../process/runner-exit.ts';

/** What the end of a runner in the middle of a run says of the run; in words for the author of the script. */
export function failureOfExit(exit: RunnerExit): {
  readonly status: OutcomeStatus;
  readonly error: ScriptFailure;
} {
  if (isOutOfMemory(exit)) {
    return {
      status: 'memory',
      error: { name: 'MemoryError', message: 'The script used more memory than it may' },
    };
  }
  const message =
    exit.killedFor === undefined
      ? 'The process of the script ended unexpectedly'
      : 'The process of the script was ended because it misbehaved';
  return { status: 'killed', error: { name: 'KilledError', message } };
}
