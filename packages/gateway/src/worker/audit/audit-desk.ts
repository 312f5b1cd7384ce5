import type { OutcomeEntry, SerializedAuditLog } from '../../audit/index.ts';
import type { RefusalBudget } from '../../gate/index.ts';
import { ChannelError } from '../channel/channel-error.ts';
import { asAppendBody, type AppendBody } from './append-body.ts';

export interface AuditDeskOptions {
  readonly audit: SerializedAuditLog;
  /** The same for all workers. */
  readonly refusals: Pick<RefusalBudget, 'take'>;
  readonly now: () => Date;
}

/** Writes what one worker records, and knows which of its calls have not ended. */
export class AuditDesk {
  readonly #options: AuditDeskOptions;
  /** Calls without outcome, each with the writing of its record. */
  readonly #open = new Map<string, Promise<void>>();

  constructor(options: AuditDeskOptions) {
    this.#options = options;
  }

  /** Calls of the worker that have been recorded and have not ended. */
  get openCalls(): number {
    return this.#open.size;
  }

  /**
   * Takes one `append`.
   *
   * @throws {ChannelError} `CHANNEL_BROKEN` when it is none.
   * @throws {AuditError} By rejection, when the entry is not in the log.
   */
  append(body: unknown): Promise<void> {
    const entry = asAppendBody(body);
    // A line that breaks in two would damage the chain.
    if (!entry.json.startsWith('{') || !entry.json.endsWith('}') || entry.json.includes('\n')) {
      throw new ChannelError('CHANNEL_BROKEN', 'The other process sent an entry that is none');
    }
    return entry.type === 'refusal' ? this.#appendRefusal(entry) : this.#append(entry);
  }

  /**
   * The worker has ended: records that nobody knows the outcome of the calls that it had open.
   *
   * @returns How many there were.
   * @throws {AuditError} When they cannot be recorded.
   */
  async abandon(): Promise<number> {
    const open = [...this.#open];
    this.#open.clear();
    const written = await Promise.allSettled(
      open.map(async ([call, began]) => {
        await began;
        return call;
      }),
    );
    const calls = written.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const time = this.#options.now().toISOString();
    await Promise.all(calls.map(async (call) => await this.#options.audit.append(lost(call, time))));
    return calls.length;
  }

  #append({ type, call, json }: AppendBody): Promise<void> {
    const written = this.#options.audit.appendSerialized(json);
    if (call !== undefined && type === 'call') {
      this.#open.set(call, written);
      written.catch(() => {
        this.#open.delete(call);
      });
    } else if (call !== undefined) {
      this.#open.delete(call);
    }
    return written;
  }

  #appendRefusal({ caller = '', json }: AppendBody): Promise<void> {
    const budget = this.#options.refusals.take(caller);
    if (!budget.record) {
      return Promise.resolve();
    }
    const { unrecordedBefore } = budget;
    const text =
      unrecordedBefore === 0 ? json : `${json.slice(0, -1)},"unrecordedBefore":${unrecordedBefore}}`;
    return this.#options.audit.appendSerialized(text);
  }
}

function lost(call: string, time: string): OutcomeEntry {
  return {
    type: 'outcome',
    time,
    call,
    outcome: 'unknown',
    upstreamMicros: 0,
    error: 'The worker process that made the call ended',
  };
}
