import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import os from 'node:os';
import { CHANNEL_FD, FILTER_FD, type Command } from '../layers/program.ts';

/** Behind every process that answers people, so that any number of spinning scripts delays none of them. */
const NICENESS = 5;

export interface Spawned {
  readonly child: ChildProcess;
  /** Our end of descriptor 3 of the child. */
  readonly channel: Socket;
  readonly stderr: Socket;
}

/**
 * Starts a command as leader of a process group, with no environment, no input, no output but standard error, and descriptor 3 to talk over.
 *
 * A command that cannot be started shows as an `error` event of the child.
 */
export function spawnCommand(command: Command): Spawned {
  const child = spawn(command.file, [...command.args], {
    cwd: process.platform === 'win32' ? undefined : '/',
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', ...(command.filter === undefined ? [] : ['pipe' as const])],
    detached: process.platform !== 'win32',
    windowsHide: true,
    ...command.identity,
  });
  // The next process started inherits it; nothing has been started yet.
  yieldPriority(child.pid);
  const channel = ifSocket(child.stdio[CHANNEL_FD]);
  const stderr = ifSocket(child.stdio[2]);
  if (channel === undefined || stderr === undefined) {
    // Without descriptors left spawn gives a child without streams, and an error later.
    child.on('error', () => undefined);
    throw new Error('No descriptor left for a child process');
  }
  const filter = ifSocket(child.stdio[FILTER_FD]);
  if (command.filter !== undefined && filter !== undefined) {
    filter.on('error', () => undefined);
    filter.end(command.filter);
    // Read to its end, or the descriptor stays open as long as the child.
    filter.resume().unref();
  }
  return { child, channel, stderr };
}

/** Kills the whole group of a child that has not been reaped yet. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  try {
    if (process.platform === 'win32') {
      child.kill('SIGKILL');
    } else {
      process.kill(-child.pid, 'SIGKILL');
    }
  } catch {
    // It ended this moment.
  }
}

function ifSocket(stream: unknown): Socket | undefined {
  return stream instanceof Socket ? stream : undefined;
}

function yieldPriority(pid: number | undefined): void {
  if (pid === undefined) {
    return;
  }
  try {
    os.setPriority(pid, NICENESS);
  } catch {
    // It ended at once, or we are as low already.
  }
}
