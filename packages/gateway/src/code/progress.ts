import type { ProgressNote } from '@smcp/codemode';
import type { RequestOptions } from '../upstream/index.ts';

/** Passes on what a script does as progress of its call. The caller's token is put in by the gate, and without one nothing is sent. */
export function progressTo({ onNotification }: RequestOptions): ((note: ProgressNote) => void) | undefined {
  if (onNotification === undefined) {
    return undefined;
  }
  let told = 0;
  return ({ message }) => {
    told += 1;
    onNotification('notifications/progress', { progress: told, message });
  };
}
