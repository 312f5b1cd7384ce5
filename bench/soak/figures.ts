import type { WorkerFigures } from './client/worker.ts';
import type { Kills } from './chaos.ts';
import type { LedgerFigures } from './ledger.ts';
import type { ClientKind, Options, UpstreamKind } from './options.ts';
import type { AuditFigures } from './verify-audit.ts';
import type { Sample, Trends } from './watch/watch.ts';

/** Everything that one run found out. */
export interface SoakFigures {
  readonly options: Omit<Options, 'json'>;
  readonly seconds: number;
  readonly calls: LedgerFigures;
  /** Calls carried out, by server. */
  readonly executed: Readonly<Partial<Record<UpstreamKind, number>>>;
  readonly workers: readonly ({ readonly kind: ClientKind } & WorkerFigures)[];
  readonly kills: Kills;
  /** Whether the gateway was there until it was asked to end, and then did so by itself. */
  readonly gatewayEndedWell: boolean;
  readonly warmUpMinutes: number;
  readonly trends: Trends | undefined;
  readonly samples: readonly Sample[];
  /** Processes that the gateway started and that outlived it. */
  readonly leftOver: number;
  readonly audit: AuditFigures;
}
