import { compilePolicy } from '@smcp/policy';
import { createRedactor, type Redactor } from '../../audit/index.ts';
import { listenAddress, watchConfig, type LoadedConfig } from '../../config/index.ts';
import { createCounters, reconfigureCounters } from '../../run/counters.ts';
import { localUrl } from '../../run/listening.ts';
import { noteReload, noteStart, noteStop } from '../../run/notices.ts';
import { openChain } from '../../run/open-chain.ts';
import type { GatewayOptions } from '../../run/start-gateway.ts';
import { createLogger } from '../../telemetry/index.ts';
import { LoginDesk } from '../login/login-desk.ts';
import type { ServedGateway } from '../serve-gateway.ts';
import { ConnectionDealer } from './connection-dealer.ts';
import { Crew } from './crew.ts';
import { makeSocketFolder } from './socket-folder.ts';
import { workerEntry } from './worker-entry.ts';

/**
 * Starts a gateway of several worker processes, of which this process is the primary: it listens, keeps the records, the limits and the counts of failed logins,
 * and sees to it that as many workers run as the configuration says.
 *
 * @throws {Error} Whatever keeps it from starting; then everything that was started has ended.
 */
export async function startWithWorkers(
  options: Omit<GatewayOptions, 'shared'>,
  first: LoadedConfig,
): Promise<ServedGateway> {
  if (process.platform === 'win32') {
    throw new RangeError(
      'Setting "workers" above 1 needs a system that hands connections from process to process',
    );
  }
  await using stack = new AsyncDisposableStack();
  const { foundation, file } = options;
  const { home, store, env } = foundation;
  const writer = options.auditWriter ?? 'gateway';
  const now = (): number => performance.now();
  let loaded = first;
  let redactor = redactorOf(loaded);
  const { config } = loaded;
  const logger =
    options.logger ?? createLogger({ ...config.log, redact: (text) => redactor.redactText(text) });
  const audit = stack.use(
    await openChain(foundation, {
      writer,
      settings: config.audit,
      onError: (error) => {
        logger.error('audit log', { reason: error.message });
      },
    }),
  );
  // Whoever holds the chain is alone with this folder.
  const sockets = stack.use(await makeSocketFolder(home.file(`workers-${writer}`)));
  const listen = listenAddress(options.listen === undefined ? config : { listen: options.listen });
  const dealer = stack.use(await ConnectionDealer.listen(listen));
  const counters = createCounters(config, now);
  const logins = new LoginDesk(config.limits.auth_failures, now);
  const crew = stack.use(
    new Crew({
      workers: config.workers,
      entry: workerEntry(),
      env,
      home: home.path,
      listen: options.listen,
      loaded: () => loaded,
      dealer,
      sockets: sockets.path,
      shared: { audit, ...counters, logins, logger, now: () => new Date() },
      logger,
      now,
    }),
  );
  await crew.open();
  stack.defer(() => {
    dealer.close();
  });
  await noteStart({ audit, store, logger }, loaded, { host: listen.host, port: dealer.address.port });

  const watch = stack.use(
    watchConfig({
      file: loaded.file,
      files: loaded.files,
      automatic: options.watch ?? true,
      load: async () => await foundation.load(file),
      onLoaded: async (next) => {
        const before = loaded;
        // What this process itself needs comes first, so that nothing can fail once a worker has taken it over.
        compilePolicy(next.policy);
        const nextRedactor = redactorOf(next);
        await crew.reload(next, () => {
          loaded = next;
          redactor = nextRedactor;
          reconfigureCounters(counters, next.config);
          logins.changeRate(next.config.limits.auth_failures);
          logger.setLevel(next.config.log.level);
        });
        await noteReload({ audit, store, logger }, before, next);
      },
      onRejected: (error) => {
        logger.error(`configuration not taken over, the one in force stays: ${error.message}`);
      },
    }),
  );
  const resources = stack.move();
  return {
    address: dealer.address,
    url: localUrl(listen.host, dealer.address.port),
    get loaded() {
      return loaded;
    },
    reload: async () => {
      await watch.reload();
    },
    [Symbol.asyncDispose]: async () => {
      await noteStop(audit);
      await resources.disposeAsync();
    },
  };
}

function redactorOf({ config, secretValues }: LoadedConfig): Redactor {
  return createRedactor({ patterns: config.audit.redact_patterns, secretValues: () => secretValues });
}
