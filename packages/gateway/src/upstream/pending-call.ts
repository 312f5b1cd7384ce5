import { Exchange } from './exchange.ts';
import type { RequestOptions, UpstreamReply } from './link.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import type { UpstreamError } from './upstream-error.ts';

/** How long an answer stream may stay open once the answer has come: its end mostly follows at once, and then the socket can be used again. */
const LINGER_MS = 500;

export interface PendingCallOptions {
  readonly id: number;
  readonly request: OutgoingRequest;
  readonly options: RequestOptions;
  readonly resolve: (reply: UpstreamReply) => void;
  readonly reject: (error: UpstreamError) => void;
  readonly giveUp: (call: PendingCall, code: 'UPSTREAM_TIMEOUT' | 'UPSTREAM_CANCELLED') => void;
}

/** A request that waits for its answer. It is the listener of the caller's signal itself, and settles once. */
export class PendingCall extends Exchange {
  declare readonly id: number;
  declare readonly request: OutgoingRequest;
  readonly options: RequestOptions;
  readonly resolve: PendingCallOptions['resolve'];
  readonly reject: PendingCallOptions['reject'];
  /** Whether the transport has handed it over, or ended it. */
  isSent = false;
  /** Told once, when the call has been answered or given up. */
  onSettled: (() => void) | undefined;
  readonly #giveUp: PendingCallOptions['giveUp'];
  #isSettled = false;
  #pauses = 0;
  #remainingMs = 0;

  constructor({ id, request, options, resolve, reject, giveUp }: PendingCallOptions) {
    const dueAt = performance.now() + options.timeoutMs;
    super({ id, request, maxBytes: options.maxBytes, dueAt });
    this.options = options;
    this.resolve = resolve;
    this.reject = reject;
    this.#giveUp = giveUp;
    options.signal?.addEventListener('abort', this, { once: true });
  }

  override get isPending(): boolean {
    return !this.#isSettled;
  }

  /** To be called before `resolve` or `reject`. */
  settle(): void {
    this.#isSettled = true;
    this.dueAt = performance.now() + LINGER_MS;
    this.options.signal?.removeEventListener('abort', this);
    this.onSettled?.();
  }

  /** Lets the deadline stand still until `goOn` has been called as often. */
  standStill(): void {
    this.#pauses += 1;
    if (this.#pauses === 1) {
      this.#remainingMs = this.dueAt - performance.now();
      this.dueAt = Infinity;
    }
  }

  /** Returns whether the deadline moves again. */
  goOn(): boolean {
    this.#pauses -= 1;
    if (this.#pauses > 0 || this.#isSettled) {
      return false;
    }
    this.dueAt = performance.now() + this.#remainingMs;
    return true;
  }

  /** The caller's signal has fired. */
  handleEvent(): void {
    this.#giveUp(this, 'UPSTREAM_CANCELLED');
  }

  override expire(): void {
    if (this.#isSettled) {
      super.expire();
    } else {
      this.#giveUp(this, 'UPSTREAM_TIMEOUT');
    }
  }
}
