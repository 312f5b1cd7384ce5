import type { CatalogStore } from '../catalog/index.ts';
import type { LoadedConfig } from '../config/index.ts';
import type { Hearers } from '../door/mcp/hearing/hearer.ts';
import type { ListenStore } from '../door/mcp/modern/listen/listen-store.ts';
import type { Gate, GateState } from '../gate/index.ts';
import type { IdentityService } from '../identity/index.ts';
import type { LeveledLogger } from '../telemetry/index.ts';
import type { UpstreamPool } from '../upstream/index.ts';
import type { View } from '../view/index.ts';
import { reconfigureCounters, type Counters } from './counters.ts';
import { seenLists, tellDifferences } from './list-changes.ts';
import { identityConfig } from './identity-config.ts';
import { startEager } from './start-servers.ts';

/** The parts of a running gateway that follow its configuration. */
export interface ReloadParts {
  readonly identity: IdentityService;
  readonly counters: Counters;
  readonly gate: Gate;
  readonly pool: UpstreamPool;
  readonly catalogs: CatalogStore;
  readonly hearers: Hearers;
  readonly listens: Pick<ListenStore, 'sweep'>;
  /** The view of an endpoint in the configuration in force. */
  readonly view: (server: string | undefined) => View | undefined;
  readonly logger: LeveledLogger;
  /** Logs and records that it is in force. Must not reject. */
  readonly note: (running: LoadedConfig, next: LoadedConfig) => Promise<void>;
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
  const { identity, counters, gate, pool, catalogs, hearers, logger } = parts;
  const state = parts.stateOf(next);
  identity.reconfigure(identityConfig(next.config));
  // From here on nothing can fail.
  reconfigureCounters(counters, next.config);
  const before = seenLists(hearers, parts.view);
  parts.takeOver(next, state);
  logger.setLevel(next.config.log.level);
  const prefixes = [...state.servers.values()].map(({ keyPrefix }) => keyPrefix);
  const isKept = (key: string): boolean => prefixes.some((prefix) => key.startsWith(prefix));
  pool.retain(isKept, next.config.http.shutdown_seconds * 1000);
  catalogs.retain(isKept);
  parts.listens.sweep();
  tellDifferences(hearers, parts.view, before);
  await parts.note(running, next);
  startEager(gate, logger);
}
