import { chmodSync, rmdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { limiterSettings } from '../../run/counters.ts';
import type { LoadedConfig } from '../../config/index.ts';
import type { AdminSources, SharedParts } from '../../run/shared-parts.ts';
import { WorkerAuditLog } from '../audit/worker-audit-log.ts';
import type { Channel } from '../channel/channel.ts';
import { WorkerDoor } from '../hand-over/worker-door.ts';
import { WorkerLimiter } from '../limit/worker-limiter.ts';
import { openSharedLogins } from '../login/shared-logins.ts';
import { asProblems } from '../metrics/join-problems.ts';
import { asFields, ifTextOf } from '../channel/fields.ts';
import { socketPath } from '../primary/socket-folder.ts';
import type { StartOrder } from './orders.ts';
import { workerLogger } from './worker-logger.ts';

const STATUS_MS = 5000;

/** The parts of a worker that belong to all workers, beside what the primary asks of it. */
export interface WorkerParts extends SharedParts, Disposable {
  /** What this worker alone tells of itself; undefined until it serves. */
  readonly own: AdminSources | undefined;
  /** Takes in a connection of a client. */
  connect(socket: Socket): void;
  /** Removes the private socket, and the folder when it was the last in it. For a process that is about to end without anybody who does. */
  removeSocket(): void;
}

/** Makes the parts that a worker has together with the others, reached through its channel to the primary. */
export function createWorkerParts(order: StartOrder, loaded: LoadedConfig, channel: Channel): WorkerParts {
  const { worker, workers, token, sockets, family, port } = order;
  const address: AddressInfo = { address: order.address, family, port };
  let door: WorkerDoor | undefined;
  let http: Server | undefined;
  let own: AdminSources | undefined;
  return {
    worker,
    workers,
    address,
    audit: new WorkerAuditLog(channel),
    counters: {
      limiter: new WorkerLimiter(channel, limiterSettings(loaded.config)),
      // Each refusal is told to the primary, which counts for all workers.
      refusals: { take: () => ({ record: true, unrecordedBefore: 0 }), changeRate: () => undefined },
    },
    openIdentity: async (options) => await openSharedLogins(options, channel),
    logger: (logger) => workerLogger(logger, worker),
    door: (source) => {
      door = new WorkerDoor({ worker, workers, token, source, socketPath: (k) => socketPath(sockets, k) });
      return door;
    },
    serve: async (server) => {
      const path = socketPath(sockets, worker);
      // A killed worker leaves its own behind.
      rmSync(path, { force: true });
      server.listen({ path });
      await once(server, 'listening');
      chmodSync(path, 0o600);
      http = server;
    },
    admin: (given) => {
      own = given;
      return {
        problems: async () => {
          try {
            return asProblems(await channel.askWithin(STATUS_MS, 'problems', null));
          } catch {
            return [{ part: 'primary process', problem: 'does not answer' }];
          }
        },
        metrics: async () => ifTextOf(asFields(await channel.askWithin(STATUS_MS, 'metrics', null)), 'text'),
      };
    },
    get own() {
      return own;
    },
    connect: (socket) => {
      if (http?.listening !== true || door === undefined) {
        socket.destroy();
        return;
      }
      door.admit(socket);
      http.emit('connection', socket);
    },
    removeSocket: () => {
      rmSync(socketPath(sockets, worker), { force: true });
      try {
        rmdirSync(sockets);
      } catch {
        // Others are still in it, or it is gone.
      }
    },
    [Symbol.dispose]: () => {
      door?.[Symbol.dispose]();
    },
  };
}
