import { constants } from 'node:os';

/**
 * Ends this process whatever its threads do: an orderly exit waits for them, and one may be in a multiplication that takes hours.
 *
 * @returns {never}
 */
export function leave() {
  try {
    process.kill(process.pid, constants.signals.SIGKILL);
  } catch {
    // A filter may refuse signals; what follows needs none.
  }
  process.abort();
}
