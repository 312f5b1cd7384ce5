import type { AuditLog } from '../audit/index.ts';
import type { LoadedConfig } from '../config/index.ts';
import { reasonOf } from '../lib/reason-of.ts';
import type { Store } from '../store/index.ts';
import type { Logger } from '../telemetry/index.ts';
import { restartNeeded } from './restart-needed.ts';
import { announce } from './start-lines.ts';
import { PRODUCT } from './version.ts';

export interface NoticeParts {
  readonly audit: AuditLog;
  readonly store: Store;
  readonly logger: Logger;
}

/**
 * Logs and records that a gateway listens.
 *
 * @throws {AuditError} When it cannot be recorded.
 */
export async function noteStart(
  { audit, store, logger }: NoticeParts,
  loaded: LoadedConfig,
  where: { readonly host: string; readonly port: number },
): Promise<void> {
  const { config, warnings, source } = loaded;
  logger.info(`listening on ${where.host}:${where.port}`);
  await announce(config, store, logger);
  for (const { path, message, line } of warnings) {
    logger.warn(`${path}: ${message}`, { line });
  }
  await audit.append({
    type: 'system',
    time: new Date().toISOString(),
    event: 'gateway.started',
    detail: {
      version: PRODUCT.version,
      ...source,
      ...(config.workers === 1 ? {} : { workers: config.workers }),
    },
  });
}

/** Logs and records that another configuration is in force. Never rejects: it is in force all the same. */
export async function noteReload(
  { audit, store, logger }: NoticeParts,
  running: LoadedConfig,
  next: LoadedConfig,
): Promise<void> {
  try {
    await audit.append({
      type: 'system',
      time: new Date().toISOString(),
      event: 'config.reloaded',
      detail: { ...next.source },
    });
    await announce(next.config, store, logger);
  } catch (error) {
    logger.error('a reload could not be recorded', { reason: reasonOf(error) });
  }
  const fixed = restartNeeded(running.config, next.config);
  if (fixed.length > 0) {
    logger.warn('some changed settings take effect at the next start', { settings: fixed.join(', ') });
  }
}

/** Records that a gateway is about to end, if it can be recorded. */
export async function noteStop(audit: AuditLog): Promise<void> {
  await audit
    .append({ type: 'system', time: new Date().toISOString(), event: 'gateway.stopping' })
    .catch(() => undefined);
}
