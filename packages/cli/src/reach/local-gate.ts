import { randomBytes } from 'node:crypto';
import {
  createIds,
  createTelemetry,
  Gate,
  PinKeeper,
  PRODUCT,
  type LeveledLogger,
  type LoadedConfig,
} from '@smcp/gateway';
import type { Cli } from '../cli/cli.ts';
import { openReach, type Reach } from './open-reach.ts';
import { openOperatorLog } from './operator-log.ts';

/** The gate of a configuration, without doors. */
export interface LocalGate extends AsyncDisposable {
  readonly gate: Gate;
  readonly reach: Reach;
  /** Adds an entry of the operator to the same chain as the calls. */
  note(event: string, detail: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Opens the gate as the gateway does: same policy, limits, credentials and records. Its counters begin at zero and are not shared with a running gateway. */
export async function openLocalGate(cli: Cli, loaded: LoadedConfig): Promise<LocalGate> {
  await using stack = new AsyncDisposableStack();
  const audit = stack.use(await openOperatorLog(cli, loaded.config.audit));
  const { store } = await cli.foundation();
  const now = (): Date => new Date(cli.io.now());
  const keeper = (logger: LeveledLogger): PinKeeper =>
    new PinKeeper({ pins: store.pins, audit, logger, now });
  const reach = stack.use(openReach(cli, loaded, { keeper, approvals: store.approvals }));
  const telemetry = stack.use(
    createTelemetry({
      settings: { ...loaded.config.telemetry, metrics: false },
      resourceVersion: PRODUCT.version,
      instanceId: randomBytes(8).toString('hex'),
      logger: reach.logger,
    }),
  );
  const gate = new Gate(reach.state, {
    audit,
    telemetry,
    logger: reach.logger,
    now,
    micros: () => performance.now() * 1000,
    newCallId: createIds('call-'),
  });
  const opened = stack.move();
  return {
    gate,
    reach,
    note: async (event, detail) => {
      await audit.append({ type: 'system', time: now().toISOString(), event, detail });
    },
    [Symbol.asyncDispose]: async () => {
      await opened.disposeAsync();
    },
  };
}
