import { AuditError, type AuditEntry, type AuditErrorCode, type AuditLog } from '../../audit/index.ts';
import { serializeEntry } from '../../audit/serialize-entry.ts';
import { reasonOf } from '../../lib/reason-of.ts';
import type { Channel } from '../channel/channel.ts';
import { ChannelError } from '../channel/channel-error.ts';
import type { AppendBody } from './append-body.ts';

/**
 * The audit log of a worker: entries are written by the primary, into the one chain of the gateway.
 *
 * An append resolves when the primary has written the entry, so nothing leaves unrecorded; without a primary every append rejects. Refusals beyond what is
 * recorded of one caller are counted there, and resolve as well. An outcome, of which the call is long over, resolves as soon as it is on its way: the primary
 * itself tells when it cannot be written.
 */
export class WorkerAuditLog implements AuditLog {
  readonly #channel: Pick<Channel, 'ask' | 'tell' | 'isOpen'>;
  readonly #pending = new Set<Promise<void>>();

  constructor(channel: Pick<Channel, 'ask' | 'tell' | 'isOpen'>) {
    this.#channel = channel;
  }

  append(entry: AuditEntry): Promise<void> {
    let json: string;
    try {
      json = serializeEntry(entry);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
    const body = toBody(entry, json);
    if (entry.type === 'outcome' && this.#channel.isOpen) {
      this.#channel.tell('outcome', body);
      return DONE;
    }
    const written = this.#send(body);
    this.#pending.add(written);
    const forget = (): void => {
      this.#pending.delete(written);
    };
    written.then(forget, forget);
    return written;
  }

  /** Waits for what is on its way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#pending);
  }

  async #send(body: AppendBody): Promise<void> {
    try {
      await this.#channel.ask('append', body);
    } catch (error) {
      throw toAuditError(error);
    }
  }
}

const DONE = Promise.resolve();

function toBody(entry: AuditEntry, json: string): AppendBody {
  switch (entry.type) {
    case 'call':
    case 'outcome':
      return { type: entry.type, call: entry.call, json };
    case 'refusal':
      return { type: entry.type, caller: `${entry.tenant} ${entry.principal}`, json };
    case 'auth':
    case 'system':
      break;
  }
  return { type: entry.type, json };
}

const CODES: readonly AuditErrorCode[] = [
  'AUDIT_UNWRITABLE',
  'AUDIT_CLOSED',
  'AUDIT_TOO_LARGE',
  'AUDIT_INVALID',
];

function toAuditError(error: unknown): AuditError {
  const remote = error instanceof ChannelError ? error.remoteCode : undefined;
  const code = CODES.find((known) => known === remote) ?? 'AUDIT_UNWRITABLE';
  const message = remote === undefined ? 'The process that writes the records is gone' : reasonOf(error);
  return new AuditError(code, message, { cause: error });
}
