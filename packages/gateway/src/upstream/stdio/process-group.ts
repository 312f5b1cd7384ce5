import type { ChildProcess } from 'node:child_process';

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group ended in the meantime, which is what the signal was for.
  }
}

/** Waits for the end of the child itself; what it started may live on. */
async function waitForExit(child: ChildProcess, withinMs: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return true;
  }
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onExit = (): void => {
    resolve(true);
  };
  const timer = setTimeout(() => {
    resolve(false);
  }, withinMs);
  child.once('exit', onExit);
  const exited = await promise;
  clearTimeout(timer);
  child.off('exit', onExit);
  return exited;
}

/**
 * Ends a child that leads its own process group, with everything it started: closes its input, then SIGTERM to the group, then SIGKILL, waiting
 * `graceMs` before each step. What is left of the group once the child has ended gets SIGKILL at once.
 *
 * A process that left the group is not reached.
 */
export async function endProcessGroup(child: ChildProcess, graceMs: number): Promise<void> {
  const { pid } = child;
  if (pid === undefined) {
    return;
  }
  child.stdin?.end();
  let exited = await waitForExit(child, graceMs);
  if (!exited) {
    signalGroup(pid, 'SIGTERM');
    exited = await waitForExit(child, graceMs);
  }
  killProcessGroup(pid);
  if (!exited) {
    await waitForExit(child, graceMs);
  }
}

/** Ends what is left of a group whose leader has died. */
export function killProcessGroup(pid: number): void {
  signalGroup(pid, 'SIGKILL');
}
