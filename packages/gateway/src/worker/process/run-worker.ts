import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';
import type { LoadedConfig } from '../../config/index.ts';
import { openFoundation, type Foundation } from '../../run/foundation.ts';
import { startGateway, type RunningGateway } from '../../run/start-gateway.ts';
import { watchGroups } from '../../upstream/stdio/exit-guard.ts';
import { asFields, textOf } from '../channel/fields.ts';
import { Channel } from '../channel/channel.ts';
import { unpackConfig } from '../config-parcel.ts';
import { asStartOrder, type StartOrder } from './orders.ts';
import { createWorkerParts, type WorkerParts } from './worker-parts.ts';

/** The part of `process` that a worker needs. */
export interface WorkerHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  on(event: 'message', listener: (message: unknown, handle: unknown) => void): unknown;
  /** Ends the process at once, with its children. */
  exit(code: number): void;
}

/**
 * Serves as one of several workers: does what the primary orders over the stream, and ends with it. Connections come as messages with a socket.
 */
export function runWorker(stream: Duplex, host: WorkerHost): void {
  let parts: WorkerParts | undefined;
  let serving: Serving | undefined;
  const channel = new Channel({
    stream,
    handlers: {
      start: async (body) => {
        const order = asStartOrder(body);
        const first = unpackConfig(order.config);
        parts = createWorkerParts(order, first, channel);
        serving = await startServing(order, first, parts, host);
      },
      reload: async (body) => {
        await serving?.reload(unpackConfig(textOf(asFields(body), 'config')));
      },
      metrics: async () => ({ text: await parts?.own?.metrics() }),
      problems: async () => (await parts?.own?.problems()) ?? [],
      stop: async () => {
        await serving?.[Symbol.asyncDispose]();
      },
    },
    // Nobody records what this process does any more, or it was told to stop and has.
    onEnd: (error) => {
      parts?.removeSocket();
      host.exit(error === undefined ? 0 : 1);
    },
  });
  watchGroups((leader, alive) => {
    channel.tell('group', { leader, alive });
  });
  host.on('message', (message, handle) => {
    if (message === 'connection' && handle instanceof Socket) {
      parts?.connect(handle);
    }
  });
}

interface Serving extends AsyncDisposable {
  /** @throws {Error} When the configuration is refused; then the one before stays in force. */
  reload(next: LoadedConfig): Promise<void>;
}

async function startServing(
  order: StartOrder,
  first: LoadedConfig,
  parts: WorkerParts,
  { env }: WorkerHost,
): Promise<Serving> {
  await using stack = new AsyncDisposableStack();
  const opened = stack.use(await openFoundation({ env, home: order.home }));
  let current = first;
  // What is in force is decided by the primary.
  const foundation: Foundation = { ...opened, load: async () => await Promise.resolve(current) };
  stack.use(parts);
  const gateway: RunningGateway = stack.use(
    await startGateway({
      foundation,
      file: current.file,
      listen: order.listen,
      watch: false,
      shared: parts,
    }),
  );
  const resources = stack.move();
  return {
    reload: async (next) => {
      const before = current;
      current = next;
      await gateway.reload();
      if (gateway.loaded !== next) {
        current = before;
        throw new Error('The worker did not take the configuration over');
      }
    },
    [Symbol.asyncDispose]: async () => {
      await resources.disposeAsync();
    },
  };
}
