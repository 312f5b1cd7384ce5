import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditError } from '../audit/index.ts';
import type { LoadedConfig } from '../config/index.ts';
import { SOCKET_FILE, SOCKET_FOLDER, sweepSockets } from './sweep-sockets.ts';
import { startGateway, type GatewayOptions, type RunningGateway } from '../run/start-gateway.ts';

/** A gateway for the user who started it: at a socket that nobody else reaches, with a key that only this process knows. */
export interface LocalGateway extends AsyncDisposable {
  readonly gateway: RunningGateway;
  readonly socket: string;
  readonly token: string;
}

export interface LocalGatewayOptions extends Pick<GatewayOptions, 'foundation' | 'logger'> {
  /** Makes the configuration, given the key with which the user calls: it has to stand in `api_keys`. */
  readonly load: (token: string) => Promise<LoadedConfig>;
  /** Name of the chain of records; a number is added while another process writes it. */
  readonly auditWriter: string;
}

const MAX_CHAINS = 64;

/**
 * Starts a gateway without an address.
 *
 * @throws What `load` and starting a gateway throw.
 */
export async function startLocalGateway(options: LocalGatewayOptions): Promise<LocalGateway> {
  await using stack = new AsyncDisposableStack();
  await sweepSockets(tmpdir());
  const folder = await mkdtemp(join(tmpdir(), SOCKET_FOLDER));
  stack.defer(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  const token = `smcp_key_${randomBytes(32).toString('base64url')}`;
  const socket =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\smcp-${randomBytes(16).toString('hex')}`
      : join(folder, SOCKET_FILE);
  const loaded = await options.load(token);
  const gateway = stack.use(await startWithFreeChain(options, loaded, socket));
  const opened = stack.move();
  return {
    gateway,
    socket,
    token,
    [Symbol.asyncDispose]: async () => {
      await opened.disposeAsync();
    },
  };
}

async function startWithFreeChain(
  { foundation, logger, auditWriter }: LocalGatewayOptions,
  loaded: LoadedConfig,
  socket: string,
): Promise<RunningGateway> {
  const base = { foundation, file: loaded.file, loaded, socket, watch: false, lockTimeoutMs: 0 };
  for (let number = 1; ; number += 1) {
    try {
      return await startGateway({
        ...base,
        ...(logger === undefined ? {} : { logger }),
        auditWriter: number === 1 ? auditWriter : `${auditWriter}-${number}`,
      });
    } catch (error) {
      const isTaken = error instanceof AuditError && error.code === 'AUDIT_LOCKED';
      if (!isTaken || number >= MAX_CHAINS) {
        throw error;
      }
    }
  }
}
