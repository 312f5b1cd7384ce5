import { openAuditLog, type AuditLog } from '../audit/index.ts';
import type { Config } from '../config/index.ts';
import { reasonOf } from '../lib/reason-of.ts';
import type { Logger } from '../telemetry/index.ts';
import type { Foundation } from './foundation.ts';

/** Opens the chain of audit records named `writer` as the configuration says. */
export async function openGatewayAudit(
  { home, store }: Foundation,
  writer: string,
  { audit }: Config,
  logger: Logger,
): Promise<AuditLog> {
  return await openAuditLog({
    directory: home.file('audit'),
    writer,
    signingKey: home.auditSigningKey,
    store,
    clock: Date.now,
    settings: {
      sync: audit.sync,
      segmentBytes: audit.segment_bytes,
      checkpointRecords: audit.checkpoint_records,
      ...(audit.retention_days === undefined ? {} : { retentionDays: audit.retention_days }),
    },
    onError: (error) => {
      logger.error('audit log', { reason: reasonOf(error) });
    },
  });
}
