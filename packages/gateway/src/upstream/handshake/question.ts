import type { InputRequest, JsonObject } from '@smcp/protocol';
import type { PendingCall } from '../pending-call.ts';

const ASK_TIMEOUT_MS = 10 * 60_000;

type Ask = (request: InputRequest, signal: AbortSignal) => Promise<JsonObject>;

/** One question of a server while the client thinks about it. The deadline of the call stands still meanwhile. */
export class Question {
  readonly call: PendingCall;
  /** False once the server itself has taken the question back. */
  wantsAnswer = true;
  readonly #since = performance.now();
  readonly #controller = new AbortController();

  constructor(call: PendingCall) {
    this.call = call;
  }

  /** The answer. Rejects when there is none: the client refuses, is gone, takes too long, or nobody wants to know any more. */
  async put(ask: Ask, request: InputRequest): Promise<JsonObject> {
    const { signal } = this.#controller;
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => {
      reject(new Error('Nobody waits for the answer'));
    });
    const timer = setTimeout(() => {
      this.withdraw();
    }, this.call.options.askTimeoutMs ?? ASK_TIMEOUT_MS).unref();
    this.call.standStill();
    try {
      return await Promise.race([ask(request, signal), givenUp]);
    } finally {
      clearTimeout(timer);
    }
  }

  get ageMs(): number {
    return performance.now() - this.#since;
  }

  withdraw(): void {
    this.#controller.abort();
  }
}
