import type { AuditLog } from '../audit/index.ts';
import type { CatalogStore } from '../catalog/index.ts';
import type { LoadedConfig } from '../config/index.ts';
import type { SessionStore } from '../door/mcp/session-store.ts';
import type { Gate, GateState } from '../gate/index.ts';
import type { IdentityService } from '../identity/index.ts';
import { reasonOf } from '../lib/reason-of.ts';
import type { Store } from '../store/index.ts';
import type { LeveledLogger } from '../telemetry/index.ts';
import type { UpstreamPool } from '../upstream/index.ts';
import { reconfigureCounters, type Counters } from './counters.ts';
import { tellAllChanged } from './list-changes.ts';
import { restartNeeded } from './restart-needed.ts';
import { identityConfig } from './identity-config.ts';
import { announce } from './start-lines.ts';
import { startEager } from './start-servers.ts';

/** The parts of a running gateway that follow its configuration. */
export interface ReloadParts {
  readonly identity: IdentityService;
  readonly counters: Counters;
  readonly gate: Gate;
  readonly pool: UpstreamPool;
  readonly catalogs: CatalogStore;
  readonly sessions: SessionStore;
  readonly audit: AuditLog;
  readonly store: Store;
  readonly logger: LeveledLogger;
  /** The state of the gate for a configuration. Throws when there can be none. */
  readonly stateOf: (next: LoadedConfig) => GateState;
  /** Takes over a configuration whose state the gate has in the same moment. Must not throw. */
  readonly takeOver: (next: LoadedConfig, state: GateState) => void;
}

/**
 * Puts another configuration in force, for the next call of every client. Rejects while the one before is still in force whole; once the new one is,
 * what else fails is logged.
 */
export async function applyConfig(
  parts: ReloadParts,
  running: LoadedConfig,
  next: LoadedConfig,
): Promise<void> {
  const { identity, counters, gate, pool, catalogs, sessions, audit, store, logger } = parts;
  const state = parts.stateOf(next);
  identity.reconfigure(identityConfig(next.config));
  // From here on nothing can fail.
  const fixed = restartNeeded(running.config, next.config);
  reconfigureCounters(counters, next.config);
  parts.takeOver(next, state);
  logger.setLevel(next.config.log.level);
  const prefixes = [...state.servers.values()].map(({ keyPrefix }) => keyPrefix);
  const isKept = (key: string): boolean => prefixes.some((prefix) => key.startsWith(prefix));
  pool.retain(isKept, next.config.http.shutdown_seconds * 1000);
  catalogs.retain(isKept);
  tellAllChanged(sessions);
  try {
    await audit.append({
      type: 'system',
      time: new Date().toISOString(),
      event: 'config.reloaded',
      detail: { ...next.source },
    });
    await announce(next.config, store, logger);
  } catch (error) {
    // It is in force all the same, which must not be reported as a refusal.
    logger.error('a reload could not be recorded', { reason: reasonOf(error) });
  }
  if (fixed.length > 0) {
    logger.warn('some changed settings take effect at the next start', { settings: fixed.join(', ') });
  }
  startEager(gate, logger);
}
