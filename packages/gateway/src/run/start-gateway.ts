import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import {
  CatalogStore,
  CHANGE_INTERVAL_MS,
  ChangeCoalescer,
  PROMPTS,
  TOOLS,
  type ListKind,
} from '../catalog/index.ts';
import { SCRIPTS_SERVER } from '../builtin/names.ts';
import { ifCodeMode } from '../code/code-mode-of.ts';
import { ContainmentWatch } from '../code/containment-watch.ts';
import { listenAddress, watchConfig, type ConfigWatch, type LoadedConfig } from '../config/index.ts';
import { AdminDoor } from '../door/admin/admin-door.ts';
import { SessionsDoor } from '../door/code/sessions-door.ts';
import { MetadataDoor, ResourceServer, resourceUri } from '../door/auth/index.ts';
import { createAuthenticate } from '../door/http/authenticate.ts';
import { createEdgeRules } from '../door/http/host-origin.ts';
import { createHttpServer } from '../door/http/http-server.ts';
import { createSourceAddress } from '../door/http/source-address.ts';
import { ifEndpoint, serverOf } from '../door/mcp/endpoint.ts';
import { McpDoor } from '../door/mcp/mcp-door.ts';
import { SessionStore } from '../door/mcp/handshake/session-store.ts';
import type { MayHear } from '../door/mcp/hearing/attachments.ts';
import { Hearers } from '../door/mcp/hearing/hearer.ts';
import { ListenStore } from '../door/mcp/modern/listen/listen-store.ts';
import { Gate, isOfSession } from '../gate/index.ts';
import { createAuthenticator, createSteadyClock, type IdentityService } from '../identity/index.ts';
import { PinKeeper, PinWatch } from '../pin/index.ts';
import { createSealer } from '../seal/index.ts';
import { createLogger, createTelemetry, type LeveledLogger } from '../telemetry/index.ts';
import { UpstreamPool, type UpstreamHealth } from '../upstream/index.ts';
import { buildState } from './build-state.ts';
import { createCounters } from './counters.ts';
import type { Foundation } from './foundation.ts';
import { tellListChanged } from './list-changes.ts';
import { listenAt, listenOn, localUrl, stopServer } from './listening.ts';
import { openChain } from './open-chain.ts';
import { Readiness } from './readiness.ts';
import { applyConfig, type ReloadParts } from './reload.ts';
import { identityConfig } from './identity-config.ts';
import { noteReload, noteStart, noteStop } from './notices.ts';
import type { AdminSources, SharedParts } from './shared-parts.ts';
import { eagerServers, startEager } from './start-servers.ts';
import { tidyMemoryWhenIdle } from './tidy-memory.ts';
import { PRODUCT } from './version.ts';
import { createViews } from './views.ts';
import { idPrefix } from '../worker/worker-ids.ts';
import type { View } from '../view/index.ts';
import { createIds } from '../lib/random-id.ts';
import { reasonOf } from '../lib/reason-of.ts';

/** How soon a running gateway notices what an operator accepts. */
const PIN_WATCH_MS = 1000;

export interface GatewayOptions {
  readonly foundation: Foundation;
  readonly file: string;
  /** Takes the place of `listen` in the file. */
  readonly listen?: string | undefined;
  /** Path of a socket to listen at, in place of any address. */
  readonly socket?: string | undefined;
  /** Reload when the file changes. Default true. */
  readonly watch?: boolean;
  /** Name of this gateway's chain of audit records. Default `gateway`. */
  readonly auditWriter?: string;
  /** How long to wait for another process that writes this chain. Default 5 seconds. */
  readonly lockTimeoutMs?: number;
  /** Default: made from the `log` settings. */
  readonly logger?: LeveledLogger;
  /** What the file says, when it has been read already. */
  readonly loaded?: LoadedConfig;
  /** Set in a process that is one of several. `workers` of the file says nothing here: see `serveGateway`. */
  readonly shared?: SharedParts;
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
  const { foundation, shared } = options;
  const { home, store, env } = foundation;
  let loaded = options.loaded ?? (await foundation.load(options.file));
  const { config } = loaded;
  const ownLogger =
    options.logger ??
    createLogger({ ...config.log, redact: (text) => gate?.state.redactor.redactText(text) ?? text });
  const logger = shared?.logger(ownLogger) ?? ownLogger;
  let gate: Gate | undefined;
  const shareOf = (total: number): number => Math.ceil(total / (shared?.workers ?? 1));

  const now = (): number => performance.now();
  const readiness = new Readiness(now);
  const audit = readiness.watch(
    stack.use(
      shared?.audit ??
        (await openChain(foundation, {
          writer: options.auditWriter ?? 'gateway',
          settings: config.audit,
          lockTimeoutMs: options.lockTimeoutMs,
          onError: (error) => {
            logger.error('audit log', { reason: error.message });
          },
        })),
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
  const counters = shared?.counters ?? createCounters(config, now);
  const listen = listenAddress(options.listen === undefined ? config : { listen: options.listen });
  const listenHost = listen.host === '' ? 'localhost' : listen.host;
  // With port 0 the port is known only when listening.
  const baseAt = (port: number): string => config.public_url ?? localUrl(listenHost, port);
  let base = resourceUri(baseAt(listen.port), '');
  const identity = stack.use(
    await (shared?.openIdentity ?? createAuthenticator)({
      config: identityConfig(config),
      store,
      hashToken: (token) => home.hashToken(token),
      audience: baseAt(listen.port),
      resource: () => base,
      clock: Date.now,
      onIssuerError: (issuer, error) => {
        logger.warn('the keys of an issuer could not be fetched', { issuer, reason: reasonOf(error) });
      },
      onStoreError: (error) => {
        readiness.storeFailed();
        logger.error('the store does not answer', { reason: reasonOf(error) });
      },
    }),
  );
  const changes = stack.use(new ChangeCoalescer(CHANGE_INTERVAL_MS));
  const hearers = new Hearers();
  const onListChanged = (server: string, kind: ListKind): void => {
    changes.signal(`${server}\n${kind.changed}`, () => {
      tellListChanged(hearers, running, server, kind);
    });
  };
  // What has run out stays so when the clock is set back.
  const steadyMs = createSteadyClock(Date.now, now);
  const keeper = new PinKeeper({ pins: store.pins, audit, logger, now: () => new Date() });
  const context = {
    pool,
    env,
    now,
    catalogs,
    onListChanged,
    definitionFilter: keeper.filterFor.bind(keeper),
    approvalTable: store.approvals,
    steadyMs,
  };
  const code = ifCodeMode({
    loaded: () => loaded,
    store,
    gate: () => running,
    isCurrent: (principal) => identity.isCurrent(principal),
    context,
    now: steadyMs,
    searchPath: env['PATH'],
  });
  if (code !== undefined) {
    stack.use(code);
  }
  const containment =
    code === undefined
      ? undefined
      : new ContainmentWatch(code.engine, (error) => {
          logger.error('scripts cannot be run', { reason: reasonOf(error) });
        });
  const stateOf = (next: LoadedConfig) =>
    buildState(next, { ...context, builtins: code?.services }, counters);
  const newCallId = createIds(shared === undefined ? 'call-' : idPrefix('call', shared.worker));
  let calls = 0;
  const running = stack.use(
    new Gate(stateOf(loaded), {
      audit,
      telemetry,
      logger,
      now: () => new Date(),
      micros: () => performance.now() * 1000,
      newCallId: () => {
        calls += 1;
        return newCallId();
      },
      sealer: createSealer({ key: home.stateKey, now: steadyMs, random: randomBytes }),
    }),
  );
  gate = running;
  const mayHear: MayHear = (principal, server, uri) =>
    running.mayReach(principal, server) &&
    (uri === undefined || running.isVisible(principal, { kind: 'resource', server, name: uri }));
  const sessions = stack.use(
    new SessionStore({
      limits: () => ({
        idleMs: loaded.config.sessions.idle_seconds * 1000,
        max: shareOf(loaded.config.sessions.max),
        maxPerPrincipal: shareOf(loaded.config.sessions.max_per_principal),
      }),
      idPrefix: shared === undefined ? undefined : idPrefix('ses', shared.worker),
      now,
      isCurrent: (principal) => identity.isCurrent(principal),
      mayHear,
      hearers,
      onEnd: ({ id }) => {
        pool.retain((key) => !isOfSession(key, id), config.http.shutdown_seconds * 1000);
      },
    }),
  );
  stack.use(
    new PinWatch({
      store,
      takeChanges: async () => await keeper.takeChanges(),
      onChanged: (server) => {
        catalogs.invalidate(`${server}\n`);
        onListChanged(server, TOOLS);
        onListChanged(server, PROMPTS);
      },
      intervalMs: PIN_WATCH_MS,
      onError: (error) => {
        logger.error('the pins cannot be read', { reason: reasonOf(error) });
      },
    }),
  );
  if (code !== undefined) {
    stack.use(
      new PinWatch({
        store,
        takeChanges: async () => ((await code.scriptsChanged()) ? [SCRIPTS_SERVER] : []),
        onChanged: (server) => {
          catalogs.invalidate(`${server}\n`);
          onListChanged(server, TOOLS);
        },
        intervalMs: PIN_WATCH_MS,
        onError: (error) => {
          logger.error('the saved scripts cannot be read', { reason: reasonOf(error) });
        },
      }),
    );
  }
  telemetry.observe(
    'smcp_definitions_held',
    'Servers, tools and prompts withheld until an operator accepts a change',
    () => keeper.heldCount,
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
  const view = (server: string | undefined): View | undefined => views(server);
  const listens = stack.use(
    new ListenStore({
      limits: () => ({
        max: shareOf(loaded.config.sessions.max),
        maxPerPrincipal: shareOf(loaded.config.sessions.max_per_principal),
      }),
      mayStay: (principal, endpoint) => {
        const place = ifEndpoint(endpoint);
        return (
          place !== undefined &&
          identity.isCurrent(principal) &&
          view(serverOf(place))?.isOpenTo(principal) === true
        );
      },
      hearers,
    }),
  );
  telemetry.observe('smcp_listens', 'Open streams that listen for changes', () => listens.size);
  let edge = createEdgeRules(config, listen);
  const resourceServer = new ResourceServer({ base: () => base, config: () => loaded.config });
  const ownSource = createSourceAddress(config.trusted_proxies);
  const workerDoor = shared?.door(ownSource);
  const authenticate = createAuthenticate({
    authenticator: () => identity,
    resourceServer,
    source: (request) => workerDoor?.sourceOf(request) ?? ownSource(request),
    audit,
    telemetry,
    logger,
    now: () => new Date(),
  });
  const mcpDoor = new McpDoor({
    gate: running,
    sessions,
    listens,
    config: () => loaded.config,
    view,
    authenticate,
    isCurrent: (principal) => identity.isCurrent(principal),
    mayHear,
    stepUp: (endpoint, principal, scopes) => resourceServer.stepUp(endpoint, principal, scopes),
    info: PRODUCT,
    now,
    logger,
    handOver: workerDoor,
  });
  const ownAdmin: AdminSources = {
    problems: () =>
      readiness.problems(new Set(eagerServers(running.state).map(({ name }) => name)), pool.health(), {
        codeMode: containment?.problem,
      }),
    metrics: async () => await telemetry.metricsText(),
  };
  const doors = [
    ...(workerDoor === undefined ? [] : [workerDoor]),
    ...(code === undefined
      ? []
      : [
          new SessionsDoor({
            sessions: code.codeMode.sessions,
            gate: () => running,
            audit,
            now: () => new Date(),
            authenticate,
          }),
        ]),
    mcpDoor,
    new AdminDoor({
      ...(shared?.admin(ownAdmin) ?? ownAdmin),
      authenticate,
    }),
    new MetadataDoor(resourceServer),
  ];

  const reloadParts: ReloadParts = {
    identity,
    counters,
    gate: running,
    pool,
    catalogs,
    hearers,
    listens,
    view,
    logger,
    note: async (before, next) => {
      if (shared === undefined) {
        await noteReload({ audit, store, logger }, before, next);
      }
    },
    stateOf,
    takeOver: (next, state) => {
      loaded = next;
      running.replaceState(state);
      views = makeViews();
      edge = createEdgeRules(next.config, listen);
    },
  };
  const server = createHttpServer({ config: () => loaded.config, edge: () => edge, doors, logger });
  stack.defer(async () => {
    const inFlight = (): number => mcpDoor.inFlight + (workerDoor?.inFlight ?? 0);
    const open = { sessions, listens, inFlight };
    await stopServer(server, open, config.http.shutdown_seconds * 1000);
  });
  await shared?.serve(server);
  const address =
    shared?.address ??
    (options.socket === undefined ? await listenOn(server, listen) : await listenAt(server, options.socket));
  base = resourceUri(baseAt(address.port), '');
  if (shared === undefined) {
    await noteStart({ audit, store, logger }, loaded, { host: listen.host, port: address.port });
  }
  startEager(running, logger);
  void telemetry.start();
  stack.use(tidyMemoryWhenIdle({ calls: () => calls, inFlight: () => mcpDoor.inFlight }));

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
      if (shared === undefined) {
        await noteStop(audit);
      }
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
