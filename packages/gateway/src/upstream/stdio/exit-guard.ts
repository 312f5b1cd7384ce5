import { killProcessGroup } from './process-group.ts';

const leaders = new Set<number>();
let isInstalled = false;

/**
 * Sees to it that the process group of a child does not outlive this process: it gets SIGKILL when this process exits without having ended it, as after
 * an unforeseen error or a second request to stop. Nothing can be done when this process itself is killed with SIGKILL.
 *
 * @returns Ends the watch; to be called when the child has ended, before its id can belong to another.
 */
export function guardGroup(leader: number | undefined): () => void {
  if (leader === undefined) {
    return () => undefined;
  }
  if (!isInstalled) {
    isInstalled = true;
    process.once('exit', () => {
      for (const pid of leaders) {
        killProcessGroup(pid);
      }
    });
  }
  leaders.add(leader);
  return () => {
    leaders.delete(leader);
  };
}
