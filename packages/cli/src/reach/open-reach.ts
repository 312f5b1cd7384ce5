import {
  buildState,
  CatalogStore,
  createCounters,
  createLogger,
  createSteadyClock,
  PRODUCT,
  UpstreamPool,
  type ApprovalTable,
  type Caller,
  type CodeModeParts,
  type GateState,
  type LeveledLogger,
  type LoadedConfig,
  type OpenedCodeMode,
  type PinKeeper,
  type Route,
} from '@smcp/gateway';
import type { Cli } from '../cli/cli.ts';
import { CliError } from '../errors/cli-error.ts';

/** The servers of a configuration, started from here and ended with it. */
export interface Reach extends AsyncDisposable {
  readonly state: GateState;
  readonly logger: LeveledLogger;
  /**
   * The way to one server.
   *
   * @throws {CliError} `SERVER_UNKNOWN`, or `SERVER_UNREACHABLE` when it wants the caller's own credential.
   */
  route(server: string, caller: Caller): Route;
  /** End of what the server wrote to its standard error, redacted. */
  diagnosis(server: string): string;
}

/** What calls need that outlives them. */
export interface Durable {
  /** Makes what compares definitions with what is pinned. */
  readonly keeper: (logger: LeveledLogger) => PinKeeper;
  readonly approvals: ApprovalTable;
  /** Opens what runs scripts beside the servers. Absent: there is no code mode. */
  readonly openCode?: ((context: CodeModeParts['context']) => OpenedCodeMode | undefined) | undefined;
}

/**
 * Makes everything that a call depends on, as the gateway does, with nothing listening.
 *
 * @param durable What the gateway keeps, for calls. Without it servers are shown as they are, which is for looking at them only.
 */
export function openReach(cli: Cli, loaded: LoadedConfig, durable?: Durable): Reach {
  const redact = (text: string): string => state.redactor.redactText(text);
  const logger = createLogger({ level: 'error', format: 'auto', stream: cli.io.stderr, redact });
  const now = (): number => performance.now();
  const pinned = durable?.keeper(logger);
  const pool = new UpstreamPool({ clientInfo: PRODUCT, logger, now });
  const context = {
    pool,
    env: cli.io.env,
    now,
    catalogs: new CatalogStore(now),
    onListChanged: () => undefined,
    definitionFilter: pinned?.filterFor.bind(pinned),
    steadyMs: createSteadyClock(cli.io.now, now),
    ...(durable === undefined ? {} : { approvalTable: durable.approvals }),
  };
  const code = durable?.openCode?.(context);
  const builtins = code?.services;
  const state = buildState(loaded, { ...context, builtins }, createCounters(loaded.config, now));
  return {
    state,
    logger,
    route: (name, caller) => {
      const server = state.servers.get(name);
      if (server === undefined) throw unknownServer(name, loaded);
      const routed = server.route(caller);
      if (!routed.ok) {
        throw new CliError('SERVER_UNREACHABLE', routed.message, {
          remedy: 'name the environment variable that holds it with --credential-env VAR',
        });
      }
      return routed.route;
    },
    diagnosis: (server) => {
      const found = pool.health().find((health) => health.server === server);
      return redact((found?.diagnosis ?? '').trim());
    },
    [Symbol.asyncDispose]: async () => {
      await code?.[Symbol.asyncDispose]();
      await pool[Symbol.asyncDispose]();
    },
  };
}

export function unknownServer(name: string, { config }: LoadedConfig): CliError {
  const disabled = Object.hasOwn(config.servers, name);
  const names = Object.entries(config.servers).flatMap(([known, { enabled }]) => (enabled ? [known] : []));
  const message = disabled
    ? `The server ${name} is disabled`
    : `There is no server ${JSON.stringify(name.slice(0, 64))}`;
  return new CliError('SERVER_UNKNOWN', message, {
    remedy:
      names.length === 0 ? 'the configuration has no enabled server' : `configured: ${names.join(', ')}`,
  });
}
