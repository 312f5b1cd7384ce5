import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/** True while any process of the group led by `pid` exists. */
export function isGroupAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch (error) {
    // EPERM: the group exists but belongs to somebody else now; ESRCH: it is gone.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group ended in the meantime, which is what the signal was for.
  }
}

async function waitForEnd(pid: number, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += POLL_MS) {
    if (!isGroupAlive(pid)) {
      return true;
    }
    await sleep(POLL_MS);
  }
  return !isGroupAlive(pid);
}

/**
 * Ends a child that leads its own process group, with everything it started: closes its input, then SIGTERM, then SIGKILL to the whole group,
 * waiting `graceMs` before each step.
 */
export async function endProcessGroup(child: ChildProcess, graceMs: number): Promise<void> {
  const { pid } = child;
  if (pid === undefined) {
    return;
  }
  child.stdin?.end();
  if (await waitForEnd(pid, graceMs)) {
    return;
  }
  signalGroup(pid, 'SIGTERM');
  if (await waitForEnd(pid, graceMs)) {
    return;
  }
  signalGroup(pid, 'SIGKILL');
  await waitForEnd(pid, graceMs);
}

/** Ends what is left of a group whose leader has died. */
export function killProcessGroup(pid: number): void {
  signalGroup(pid, 'SIGKILL');
}
