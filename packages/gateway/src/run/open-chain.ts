import { openAuditLog, type SerializedAuditLog } from '../audit/index.ts';
import { configSchema, type Config } from '../config/index.ts';
import type { Foundation } from './foundation.ts';

export interface ChainOptions {
  /** Name of the chain: each process that records has its own. */
  readonly writer: string;
  /** Default: what holds for a configuration that says nothing. */
  readonly settings?: Config['audit'] | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number;
  /** Told of what failed beside the records themselves. */
  readonly onError: (error: Error) => void;
  /** How long to wait for another process that writes this chain. Default 5 seconds. */
  readonly lockTimeoutMs?: number | undefined;
}

/** Opens one chain of audit records in the state folder. */
export async function openChain(
  { home, store }: Foundation,
  options: ChainOptions,
): Promise<SerializedAuditLog> {
  const { writer, settings = configSchema.parse({}).audit, clock = Date.now, onError } = options;
  return await openAuditLog({
    directory: home.file('audit'),
    writer,
    signingKey: home.auditSigningKey,
    store,
    clock,
    settings: {
      sync: settings.sync,
      segmentBytes: settings.segment_bytes,
      checkpointRecords: settings.checkpoint_records,
      retentionDays: settings.retention_days,
    },
    onError,
    lockTimeoutMs: options.lockTimeoutMs,
  });
}
