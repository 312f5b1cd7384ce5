import type { OutgoingRequest } from './outgoing-request.ts';

/** What can be given up while it is under way. */
export interface Abortable {
  readonly isAborted: boolean;
  /** Sets what ends that which is open at present, in place of what was set before; called at once when it is too late already. */
  onAbort(end: (() => void) | undefined): void;
}

export interface ExchangeFacts {
  /** Id of the request being sent; undefined for notifications and answers. */
  readonly id: number | undefined;
  readonly request: OutgoingRequest | undefined;
  /** Bytes that one message from the server may have. */
  readonly maxBytes: number;
  /** Milliseconds of `performance.now()`; Infinity for never. */
  readonly dueAt: number;
}

/** One message on its way out, and whatever is still open for it. */
export class Exchange implements Abortable {
  readonly id: number | undefined;
  readonly request: OutgoingRequest | undefined;
  readonly maxBytes: number;
  dueAt: number;
  #isAborted = false;
  #end: (() => void) | undefined;

  constructor({ id, request, maxBytes, dueAt }: ExchangeFacts) {
    this.id = id;
    this.request = request;
    this.maxBytes = maxBytes;
    this.dueAt = dueAt;
  }

  get isAborted(): boolean {
    return this.#isAborted;
  }

  /** Whether the answer is still awaited. */
  get isPending(): boolean {
    return !this.#isAborted;
  }

  onAbort(end: (() => void) | undefined): void {
    this.#end = end;
    if (this.#isAborted) {
      end?.();
    }
  }

  /** Ends what is open. Whoever aborts has told the server already, where it wants to be told. */
  abort(): void {
    if (!this.#isAborted) {
      this.#isAborted = true;
      this.#end?.();
    }
  }

  /** Its time is over. */
  expire(): void {
    this.dueAt = Infinity;
    this.abort();
  }
}

/** A signal for something that does not know exchanges. Costs a listener until it is given back with `onAbort(undefined)`. */
export function untilSignal(signal: AbortSignal): Abortable {
  let listener: (() => void) | undefined;
  return {
    get isAborted() {
      return signal.aborted;
    },
    onAbort: (end) => {
      if (listener !== undefined) {
        signal.removeEventListener('abort', listener);
      }
      listener = end;
      if (signal.aborted) {
        end?.();
      } else if (end !== undefined) {
        signal.addEventListener('abort', end, { once: true });
      }
    },
  };
}
