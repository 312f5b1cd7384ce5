import type { SerializedAuditLog } from '../../audit/index.ts';
import { reasonOf } from '../../lib/reason-of.ts';
import type { Counters } from '../../run/counters.ts';
import type { Logger } from '../../telemetry/index.ts';
import { AuditDesk } from '../audit/audit-desk.ts';
import type { ChannelHandler } from '../channel/channel.ts';
import { LimitDesk } from '../limit/limit-desk.ts';
import type { LoginDesk } from '../login/login-desk.ts';

export interface DesksOptions {
  readonly audit: SerializedAuditLog;
  readonly limiter: ConstructorParameters<typeof LimitDesk>[0];
  readonly refusals: Counters['refusals'];
  /** The same for all workers. */
  readonly logins: LoginDesk;
  readonly now: () => Date;
  readonly logger: Logger;
  /** What is wrong, and metrics, of all workers. */
  readonly problems: () => Promise<unknown>;
  readonly metrics: () => Promise<string | undefined>;
}

/** Everything that one worker may ask of the primary. */
export interface Desks {
  readonly handlers: Readonly<Record<string, ChannelHandler>>;
  /**
   * The worker has ended: its places are free again, and its open calls end as unknown.
   *
   * @returns How many calls that were.
   * @throws {AuditError} When that cannot be recorded.
   */
  abandon(): Promise<number>;
}

export function createDesks(options: DesksOptions): Desks {
  const { audit, limiter, refusals, logins, now, logger, problems, metrics } = options;
  const auditDesk = new AuditDesk({ audit, refusals, now });
  const limitDesk = new LimitDesk(limiter);
  return {
    handlers: {
      append: (body) => auditDesk.append(body),
      outcome: (body) => {
        auditDesk.append(body).catch((error: unknown) => {
          logger.error('an outcome could not be recorded', { reason: reasonOf(error) });
        });
      },
      acquire: (body) => limitDesk.acquire(body),
      release: (body) => {
        limitDesk.release(body);
      },
      login: (body) => logins.verdict(body),
      mayTry: (body) => logins.mayTry(body),
      problems: async () => await problems(),
      metrics: async () => ({ text: await metrics() }),
    },
    abandon: async () => {
      limitDesk.releaseAll();
      return await auditDesk.abandon();
    },
  };
}
