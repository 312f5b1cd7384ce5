import type { JsonObject, JsonValue } from '@smcp/protocol';
import { ownRequest, UpstreamError, type UpstreamReply } from '../../upstream/index.ts';
import { ConversationError } from '../conversation/conversation-error.ts';
import type { Exchange } from '../exchange.ts';

const DEFAULT_INTERVAL_MS = 1000;
const MIN_INTERVAL_MS = 50;
const MAX_INTERVAL_MS = 30_000;
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_TASK_ID_CHARS = 1024;

/** A task that the gateway sees to, until the tool's own time is over. Whoever gives up cancels it. */
export class TaskWatch {
  readonly #exchange: Exchange;
  readonly #id: string;
  #restMs: number;

  /** @throws {ConversationError} `RESULT_INVALID` when the id is none that can be used. */
  constructor(exchange: Exchange, id: JsonValue | undefined) {
    if (typeof id !== 'string' || id === '' || id.length > MAX_TASK_ID_CHARS) {
      throw new ConversationError(
        'RESULT_INVALID',
        `Server "${exchange.server.name}" made a task without a usable id`,
      );
    }
    this.#exchange = exchange;
    this.#id = id;
    this.#restMs = exchange.timeoutMs;
  }

  /** Time that is left, in milliseconds. What the client takes to answer does not count. */
  get restMs(): number {
    return this.#restMs;
  }

  /** Runs the work, and cancels the task when it fails. */
  async orCancel<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#exchange.tell(ownRequest('tasks/cancel', { taskId: this.#id }, this.#id), REQUEST_TIMEOUT_MS);
      throw error;
    }
  }

  /** Waits as long as the server suggests, within bounds, and then asks how the task is. */
  async poll(intervalMs: JsonValue | undefined): Promise<JsonObject> {
    await this.#pause(intervalMs);
    const { message } = await this.send('tasks/get', {}, REQUEST_TIMEOUT_MS);
    if ('error' in message) {
      throw new ConversationError(
        'OUTCOME_UNKNOWN',
        `Server "${this.#exchange.server.name}" no longer knows the task of the call; it may have run`,
        { outcome: 'unknown' },
      );
    }
    return message.result;
  }

  /** Sends a request about the task. */
  async send(method: string, params: JsonObject, timeoutMs: number): Promise<UpstreamReply> {
    const request = ownRequest(method, { taskId: this.#id, ...params }, this.#id);
    const started = performance.now();
    try {
      return await this.#exchange.sendOwn(request, Math.max(1, Math.min(timeoutMs, this.#restMs)));
    } finally {
      this.#restMs -= performance.now() - started;
    }
  }

  async #pause(intervalMs: JsonValue | undefined): Promise<void> {
    const wanted = typeof intervalMs === 'number' && intervalMs > 0 ? intervalMs : DEFAULT_INTERVAL_MS;
    const pauseMs = Math.min(Math.max(wanted, MIN_INTERVAL_MS), MAX_INTERVAL_MS);
    if (pauseMs >= this.#restMs) {
      throw new UpstreamError(
        'UPSTREAM_TIMEOUT',
        `Server "${this.#exchange.server.name}" did not finish its task within ${this.#exchange.timeoutMs} ms`,
      );
    }
    this.#restMs -= pauseMs;
    await sleep(pauseMs, this.#exchange.signal);
  }
}

async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const onAbort = (): void => {
    reject(new UpstreamError('UPSTREAM_CANCELLED', 'Cancelled by the caller'));
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) {
    onAbort();
  }
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
