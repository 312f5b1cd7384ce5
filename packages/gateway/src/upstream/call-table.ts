import { Deadlines } from './deadlines.ts';
import type { Exchange } from './exchange.ts';
import type { PendingCall } from './pending-call.ts';
import type { UpstreamError } from './upstream-error.ts';

/**
 * The calls of one channel that wait for their answer, by id, and everything that is open for a message of ours, with its deadline. A call leaves the
 * table once; its exchange is watched until the transport is done with it.
 */
export class CallTable {
  readonly #calls = new Map<number, PendingCall>();
  readonly #exchanges = new Deadlines<Exchange>();
  #lastId = 0;

  get size(): number {
    return this.#calls.size;
  }

  newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  get(id: number): PendingCall | undefined {
    return this.#calls.get(id);
  }

  /** Oldest first. */
  values(): Iterable<PendingCall> {
    return this.#calls.values();
  }

  add(call: PendingCall): void {
    this.#calls.set(call.id, call);
    this.#exchanges.add(call);
  }

  /** Takes a call out, for whoever then resolves or rejects it. Undefined for one that is not, or no longer, waiting. */
  settle(id: number): PendingCall | undefined {
    const call = this.#calls.get(id);
    if (call !== undefined) {
      this.#calls.delete(id);
      call.settle();
      if (call.isSent) {
        this.#exchanges.delete(call);
      } else {
        this.#exchanges.moved(call);
      }
    }
    return call;
  }

  /** The transport is done with a call; its answer may still come another way. */
  sent(call: PendingCall): void {
    call.isSent = true;
    if (!call.isPending) {
      this.#exchanges.delete(call);
    }
  }

  /** The deadline of a call moves again. */
  moved(call: PendingCall): void {
    this.#exchanges.moved(call);
  }

  watch(exchange: Exchange): void {
    this.#exchanges.add(exchange);
  }

  unwatch(exchange: Exchange): void {
    this.#exchanges.delete(exchange);
  }

  /** Rejects every call and ends everything that is open. */
  failAll(error: UpstreamError): void {
    for (const id of this.#calls.keys()) {
      this.settle(id)?.reject(error);
    }
    for (const exchange of this.#exchanges) {
      exchange.abort();
    }
    this.#exchanges[Symbol.dispose]();
  }
}
