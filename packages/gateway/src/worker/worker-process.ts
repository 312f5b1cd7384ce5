// A worker as a process: forked by the primary, with the IPC channel of Node for connections and one more pipe for everything else.
import { Socket } from 'node:net';
import { runWorker } from './process/run-worker.ts';

const PIPE_FD = 4;

// A terminal sends these to all processes of a group, a service manager to all of a unit. What they mean is decided by the primary.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => undefined);
}
runWorker(new Socket({ fd: PIPE_FD, readable: true, writable: true }), process);
