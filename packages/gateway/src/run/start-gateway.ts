import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { CatalogStore, type ListKind } from '../catalog/index.ts';
import { listenAddress, watchConfig, type ConfigWatch, type LoadedConfig } from '../config/index.ts';
import { AdminDoor } from '../door/admin/admin-door.ts';
import { createAuthenticate } from '../door/http/authenticate.ts';
import { createEdgeRules } from '../door/http/host-origin.ts';
import { createHttpServer } from '../door/http/http-server.ts';
import { createSourceAddress } from '../door/http/source-address.ts';
import { McpDoor } from '../door/mcp/mcp-door.ts';
import { SessionStore } from '../door/mcp/session-store.ts';
import { Gate, isOfSession } from '../gate/index.ts';
import { createAuthenticator, type IdentityService } from '../identity/index.ts';
import { createLogger, createTelemetry, type LeveledLogger } from '../telemetry/index.ts';
import { UpstreamPool, type UpstreamHealth } from '../upstream/index.ts';
import { buildState } from './build-state.ts';
import { createCounters } from './counters.ts';
import type { Foundation } from './foundation.ts';
import { tellListChanged } from './list-changes.ts';
import { listenOn, localUrl, stopServer } from './listening.ts';
import { openChain } from './open-chain.ts';
import { Readiness } from './readiness.ts';
import { applyConfig, type ReloadParts } from './reload.ts';
import { identityConfig } from './identity-config.ts';
import { announce } from './start-lines.ts';
import { eagerServers, startEager } from './start-servers.ts';
import { PRODUCT } from './version.ts';
import { createViews } from './views.ts';
import { createIds } from '../lib/random-id.ts';
import { reasonOf } from '../lib/reason-of.ts';

export interface GatewayOptions {
  readonly foundation: Foundation;
  readonly file: string;
  /** Takes the place of `listen` in the file. */
  readonly listen?: string | undefined;
  /** Reload when the file changes. Default true. */
  readonly watch?: boolean;
  /** Name of this gateway's chain of audit records. Default `gateway`. */
  readonly auditWriter?: string;
  /** Default: made from the `log` settings. */
  readonly logger?: LeveledLogger;
}

/** A gateway that accepts calls. Disposing it ends calls in flight after the configured time, then everything it started. */
export interface RunningGateway extends AsyncDisposable {
  readonly address: AddressInfo;
  /** Base address for clients, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly gate: Gate;
  readonly identity: IdentityService;
  readonly loaded: LoadedConfig;
  /** Reads the file again now; settles when the new configuration is in force or has been refused. */
  reload(): Promise<void>;
  health(): { readonly sessions: number; readonly upstreams: readonly UpstreamHealth[] };
}

/** Starts a gateway from a configuration file. Whatever was opened before a failure is closed again. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  await using stack = new AsyncDisposableStack();
  const { foundation } = options;
  const { home, store, env } = foundation;
  let loaded = await foundation.load(options.file);
  const { config } = loaded;
  const logger =
    options.logger ??
    createLogger({ ...config.log, redact: (text) => gate?.state.redactor.redactText(text) ?? text });
  let gate: Gate | undefined;

  const now = (): number => performance.now();
  const readiness = new Readiness(now);
  const audit = readiness.watch(
    stack.use(
      await openChain(foundation, {
        writer: options.auditWriter ?? 'gateway',
        settings: config.audit,
        onError: (error) => {
          logger.error('audit log', { reason: error.message });
        },
      }),
    ),
  );
  const telemetry = stack.use(
    createTelemetry({
      settings: config.telemetry,
      resourceVersion: PRODUCT.version,
      instanceId: randomBytes(8).toString('hex'),
      logger,
    }),
  );
  const pool = stack.use(new UpstreamPool({ clientInfo: PRODUCT, logger, now }));
  const catalogs = new CatalogStore(now);
  const counters = createCounters(config, now);
  const listen = listenAddress(options.listen === undefined ? config : { listen: options.listen });
  const identity = stack.use(
    await createAuthenticator({
      config: identityConfig(config),
      store,
      hashToken: (token) => home.hashToken(token),
      audience: config.public_url ?? localUrl(listen.host === '' ? 'localhost' : listen.host, listen.port),
      clock: Date.now,
      onStoreError: (error) => {
        readiness.storeFailed();
        logger.error('the store does not answer', { reason: reasonOf(error) });
      },
    }),
  );
  const onListChanged = (server: string, kind: ListKind): void => {
    tellListChanged(sessions, running, server, kind);
  };
  const context = { pool, env, now, catalogs, onListChanged };
  const running = new Gate(buildState(loaded, context, counters), {
    audit,
    telemetry,
    logger,
    now: () => new Date(),
    micros: () => performance.now() * 1000,
    newCallId: createIds('call-'),
  });
  gate = running;
  const sessions = stack.use(
    new SessionStore({
      limits: () => ({
        idleMs: loaded.config.sessions.idle_seconds * 1000,
        max: loaded.config.sessions.max,
        maxPerPrincipal: loaded.config.sessions.max_per_principal,
      }),
      now,
      isCurrent: (principal) => identity.isCurrent(principal),
      mayHear: (principal, server, uri) =>
        running.mayReach(principal, server) &&
        (uri === undefined || running.isVisible(principal, { kind: 'resource', server, name: uri })),
      onEnd: ({ id }) => {
        pool.retain((key) => !isOfSession(key, id), config.http.shutdown_seconds * 1000);
      },
    }),
  );
  telemetry.observe('smcp_sessions', 'Open MCP sessions', () => sessions.size);
  telemetry.observe(
    'smcp_upstreams_ready',
    'Upstream connections that are up',
    () => pool.health().filter(({ state }) => state === 'ready').length,
  );

  const makeViews = () =>
    createViews({
      gate: running,
      naming: loaded.config.naming,
      info: PRODUCT,
      logger,
      onLate: onListChanged,
    });
  let views = makeViews();
  let edge = createEdgeRules(config, listen);
  const authenticate = createAuthenticate({
    authenticator: () => identity,
    source: createSourceAddress(config.trusted_proxies),
    audit,
    telemetry,
    logger,
    now: () => new Date(),
  });
  const doors = [
    new McpDoor({
      gate: running,
      sessions,
      config: () => loaded.config,
      view: (server) => views(server),
      authenticate,
      logger,
    }),
    new AdminDoor({
      problems: () =>
        readiness.problems(new Set(eagerServers(running.state).map(({ name }) => name)), pool.health()),
      metrics: async () => await telemetry.metricsText(),
      authenticate,
    }),
  ];

  const reloadParts: ReloadParts = {
    identity,
    counters,
    gate: running,
    pool,
    catalogs,
    sessions,
    audit,
    store,
    logger,
    stateOf: (next) => buildState(next, context, counters),
    takeOver: (next, state) => {
      loaded = next;
      running.replaceState(state);
      views = makeViews();
      edge = createEdgeRules(next.config, listen);
    },
  };
  const server = createHttpServer({ config: () => loaded.config, edge: () => edge, doors, logger });
  stack.defer(async () => {
    await stopServer(server, sessions, config.http.shutdown_seconds * 1000);
  });
  const address = await listenOn(server, listen);
  logger.info(`listening on ${listen.host}:${address.port}`);
  await announce(config, store, logger);
  for (const warning of loaded.warnings) {
    logger.warn(`${warning.path}: ${warning.message}`, { line: warning.line });
  }
  await audit.append({
    type: 'system',
    time: new Date().toISOString(),
    event: 'gateway.started',
    detail: { version: PRODUCT.version, ...loaded.source },
  });
  startEager(running, logger);
  void telemetry.start();

  const watch = watchFile(
    options,
    loaded,
    async (next) => {
      await applyConfig(reloadParts, loaded, next);
    },
    logger,
  );
  stack.use(watch);
  const resources = stack.move();
  return {
    address,
    url: localUrl(listen.host, address.port),
    gate: running,
    identity,
    get loaded() {
      return loaded;
    },
    reload: async () => {
      await watch.reload();
    },
    health: () => ({ sessions: sessions.size, upstreams: pool.health() }),
    [Symbol.asyncDispose]: async () => {
      await audit
        .append({ type: 'system', time: new Date().toISOString(), event: 'gateway.stopping' })
        .catch(() => undefined);
      await resources.disposeAsync();
    },
  };
}

function watchFile(
  options: GatewayOptions,
  loaded: LoadedConfig,
  onLoaded: (next: LoadedConfig) => Promise<void>,
  logger: LeveledLogger,
): ConfigWatch {
  return watchConfig({
    file: loaded.file,
    files: loaded.files,
    automatic: options.watch ?? true,
    load: async () => await options.foundation.load(options.file),
    onLoaded,
    onRejected: (error) => {
      logger.error(`configuration not taken over, the one in force stays: ${error.message}`);
    },
  });
}
