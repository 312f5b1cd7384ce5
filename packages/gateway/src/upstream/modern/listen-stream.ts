import type { JsonObject } from '@smcp/protocol';
import type { Channel } from '../channel.ts';
import { ownRequest } from '../outgoing-request.ts';
import { quoted } from '../quoted.ts';
import { UpstreamError } from '../upstream-error.ts';
import { toListenParams, type ListenFilter } from './listen-filter.ts';

const ACKNOWLEDGE_TIMEOUT_MS = 10_000;
const MAX_EVENT_BYTES = 1024 * 1024;

/** One `subscriptions/listen` of ours, from its request to its end. */
export class ListenStream {
  readonly openedAt = performance.now();
  readonly #channel: Channel;
  readonly #stop = new AbortController();
  readonly #acknowledged = Promise.withResolvers<ListenFilter>();
  #id: number | undefined;
  #promised: ListenFilter | undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Id of the request; undefined before it is sent. */
  get id(): number | undefined {
    return this.#id;
  }

  /** What the server promises; undefined before its acknowledgement. */
  get promised(): ListenFilter | undefined {
    return this.#promised;
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  acknowledge(promised: ListenFilter): void {
    this.#promised = promised;
    this.#acknowledged.resolve(promised);
  }

  /** Waits ten seconds for the acknowledgement; a stream without one is stopped. */
  async acknowledged(): Promise<ListenFilter> {
    const timer = setTimeout(() => {
      this.#acknowledged.reject(
        new UpstreamError(
          'UPSTREAM_TIMEOUT',
          `Server "${this.#channel.name}" did not confirm within ${ACKNOWLEDGE_TIMEOUT_MS} ms that it can be listened to`,
        ),
      );
    }, ACKNOWLEDGE_TIMEOUT_MS).unref();
    try {
      return await this.#acknowledged.promise;
    } catch (error) {
      this.stop();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Sends the request and waits for the end of the stream, whoever ends it. Never rejects.
   *
   * @param hop Members of `_meta` for this hop.
   */
  async run(filter: ListenFilter, hop: JsonObject): Promise<void> {
    try {
      const { message } = await this.#channel.request(
        ownRequest('subscriptions/listen', toListenParams(filter)),
        hop,
        { timeoutMs: Infinity, maxBytes: MAX_EVENT_BYTES, signal: this.#stop.signal },
        (id) => {
          this.#id = id;
        },
      );
      this.#acknowledged.reject(
        'error' in message
          ? new UpstreamError(
              'UPSTREAM_REFUSED',
              `Server "${this.#channel.name}" refused to be listened to: ${quoted(message.error.message)}`,
              { rpcCode: message.error.code },
            )
          : new UpstreamError('UPSTREAM_LOST', `Server "${this.#channel.name}" ended its subscription`),
      );
    } catch (error) {
      this.#acknowledged.reject(error);
    }
  }

  stop(): void {
    this.#stop.abort();
  }
}
