import { randomBytes } from 'node:crypto';
import {
  createIds,
  createTelemetry,
  createSteadyClock,
  Gate,
  ifCodeMode,
  PinKeeper,
  PRODUCT,
  type CodeModeParts,
  type LeveledLogger,
  type LoadedConfig,
} from '@smcp/gateway';
import type { Cli } from '../cli/cli.ts';
import { openReach, type Durable, type Reach } from './open-reach.ts';
import { openFreeLog, openOperatorLog } from './operator-log.ts';

/** The gate of a configuration, without doors. */
export interface LocalGate extends AsyncDisposable {
  readonly gate: Gate;
  readonly reach: Reach;
  /** Adds an entry of the operator to the same chain as the calls. */
  note(event: string, detail: Readonly<Record<string, unknown>>): Promise<void>;
}

export interface ScriptOptions {
  /** Chain of records of what scripts do; a number is added while another command writes it. */
  readonly auditWriter: string;
  readonly onOutput?: CodeModeParts['onOutput'];
}

/**
 * Opens the gate as the gateway does: same policy, limits, credentials and records. Its counters begin at zero and are not shared with a running gateway.
 *
 * @param scripts With the code mode of the configuration, which starts processes. Absent: without.
 */
export async function openLocalGate(
  cli: Cli,
  loaded: LoadedConfig,
  scripts?: ScriptOptions,
): Promise<LocalGate> {
  await using stack = new AsyncDisposableStack();
  const { audit: settings } = loaded.config;
  const audit = stack.use(
    await (scripts === undefined
      ? openOperatorLog(cli, settings)
      : openFreeLog(cli, scripts.auditWriter, settings)),
  );
  const { store } = await cli.foundation();
  const now = (): Date => new Date(cli.io.now());
  const keeper = (logger: LeveledLogger): PinKeeper =>
    new PinKeeper({ pins: store.pins, audit, logger, now });
  const openCode: Durable['openCode'] =
    scripts === undefined
      ? undefined
      : (context) =>
          ifCodeMode({
            loaded: () => loaded,
            context,
            store,
            gate: () => gate,
            now: createSteadyClock(cli.io.now, () => performance.now()),
            searchPath: cli.io.env['PATH'],
            onOutput: scripts.onOutput,
          });
  const reach = stack.use(openReach(cli, loaded, { keeper, approvals: store.approvals, openCode }));
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
