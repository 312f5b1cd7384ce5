import type { AddressInfo } from 'node:net';
import type { LoadedConfig } from '../config/index.ts';
import { startGateway, type GatewayOptions } from '../run/start-gateway.ts';
import { startWithWorkers } from './primary/start-with-workers.ts';

/** A gateway that accepts calls, in as many processes as its configuration says. Disposing it ends calls in flight after the configured time, then everything it started. */
export interface ServedGateway extends AsyncDisposable {
  readonly address: AddressInfo;
  /** Base address for clients, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly loaded: LoadedConfig;
  /** Reads the file again now; settles when the new configuration is in force or has been refused. */
  reload(): Promise<void>;
}

/**
 * Starts a gateway from a configuration file. With `workers: 1` it is this process, as `startGateway` makes it; with more, this process keeps the records and
 * the limits, and that many others serve.
 *
 * @throws {ConfigError} When the file cannot be taken over, and whatever keeps it from starting; then everything that was started has ended.
 */
export async function serveGateway(options: Omit<GatewayOptions, 'shared'>): Promise<ServedGateway> {
  const { foundation, file } = options;
  const loaded = await foundation.load(file);
  return loaded.config.workers === 1
    ? await startGateway({ ...options, loaded })
    : await startWithWorkers(options, loaded);
}
