import { killProcessGroup } from './process-group.ts';

const leaders = new Set<number>();
const watchers = new Set<GroupWatcher>();
let isInstalled = false;

/** Told that the process group of a child has begun, or has ended. */
export type GroupWatcher = (leader: number, alive: boolean) => void;

/**
 * Tells of every process group from now on: of a process that may be killed, another one must know what it leaves behind.
 *
 * @returns Ends the telling.
 */
export function watchGroups(watcher: GroupWatcher): () => void {
  watchers.add(watcher);
  return () => {
    watchers.delete(watcher);
  };
}

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
  tell(leader, true);
  return () => {
    leaders.delete(leader);
    tell(leader, false);
  };
}

function tell(leader: number, alive: boolean): void {
  for (const watcher of watchers) {
    watcher(leader, alive);
  }
}
