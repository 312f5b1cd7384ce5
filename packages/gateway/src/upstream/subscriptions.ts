import { UpstreamError } from './upstream-error.ts';
import type { UpstreamListener } from './upstream.ts';

const MAX_SUBSCRIPTIONS = 10_000;

/**
 * Who follows which resource, or which task, of one server. The server is asked once for all followers, and changes of one happen one after another, so
 * that what it was asked last is what is wanted.
 */
export class Subscriptions {
  readonly #followers = new Map<string, Set<UpstreamListener>>();
  readonly #turns = new Map<string, Promise<void>>();
  /** What the server is being asked for at the moment. */
  readonly #asking = new Set<string>();

  get size(): number {
    return this.#followers.size;
  }

  followers(uri: string): Iterable<UpstreamListener> {
    return this.#followers.get(uri) ?? [];
  }

  /** URIs that `listener` follows. */
  of(listener: UpstreamListener): readonly string[] {
    return [...this.#followers].filter(([, followers]) => followers.has(listener)).map(([uri]) => uri);
  }

  /**
   * Adds a follower; `ask` is called if it is the first, and its failure leaves nothing behind.
   *
   * @throws {UpstreamError} `UPSTREAM_REFUSED` when 10,000 are followed already.
   */
  async add(listener: UpstreamListener, uri: string, ask: () => Promise<void>): Promise<void> {
    await this.#inTurn(uri, async () => {
      const followers = this.#followers.get(uri);
      if (followers !== undefined) {
        followers.add(listener);
        return;
      }
      if (this.#followers.size >= MAX_SUBSCRIPTIONS) {
        throw new UpstreamError(
          'UPSTREAM_REFUSED',
          `More than ${MAX_SUBSCRIPTIONS} resources or tasks are followed already`,
        );
      }
      // The first news may follow the answer so closely that whoever waits for the answer would miss it.
      this.#followers.set(uri, new Set([listener]));
      this.#asking.add(uri);
      try {
        await ask();
      } catch (error) {
        this.#followers.delete(uri);
        throw error;
      } finally {
        this.#asking.delete(uri);
      }
    });
  }

  /** Removes a follower; `ask` is called if it was the last. */
  async remove(listener: UpstreamListener, uri: string, ask: () => Promise<void>): Promise<void> {
    await this.#inTurn(uri, async () => {
      const followers = this.#followers.get(uri);
      if (followers?.delete(listener) === true && followers.size === 0) {
        this.#followers.delete(uri);
        await ask();
      }
    });
  }

  /**
   * Asks a new link for everything that is followed, `atOnce` at a time. What it refuses stays followed: the next link may know it again.
   */
  async restore(atOnce: number, ask: (uri: string) => Promise<void>): Promise<void> {
    // Whoever asks at the moment asks the new link, too.
    const uris = [...this.#followers.keys()].filter((uri) => !this.#asking.has(uri)).values();
    const askAll = async (): Promise<void> => {
      for (const uri of uris) {
        await this.#inTurn(uri, async () => {
          if (this.#followers.has(uri)) {
            await ask(uri);
          }
        }).catch(() => undefined);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, this.#followers.size) }, askAll));
  }

  async #inTurn(uri: string, work: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(uri);
    const mine = before === undefined ? work() : before.then(work);
    // Whoever comes next waits for the end of this, not for its success.
    const turn = mine.catch(() => undefined);
    this.#turns.set(uri, turn);
    try {
      await mine;
    } finally {
      if (this.#turns.get(uri) === turn) {
        this.#turns.delete(uri);
      }
    }
  }
}
