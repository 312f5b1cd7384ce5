import type { JsonObject } from '@smcp/protocol';
import { Audience } from './audience.ts';
import { LinkKeeper, type LinkKeeperOptions } from './link-keeper.ts';
import type { Link, RequestOptions, UpstreamReply } from './link.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import type { ServerDescription } from './server-description.ts';
import { Subscriptions } from './subscriptions.ts';
import { UpstreamError } from './upstream-error.ts';
import type { UpstreamSpec } from './upstream-spec.ts';
import type { LogLevel, Upstream, UpstreamHealth, UpstreamListener } from './upstream.ts';

const DRAIN_POLL_MS = 25;
/** Requests to subscribe that a server with a handshake gets at the same time when it started anew. */
const RESTORED_AT_ONCE = 8;

export interface ManagedUpstreamOptions extends Omit<LinkKeeperOptions, 'events' | 'onReady'> {
  /** Hears everything the server says on its own, before the listeners do. */
  readonly onNotification: (method: string, params: JsonObject) => void;
  /** A new link is up; whatever was learnt from an earlier one may be outdated. */
  readonly onReady: () => void;
  /** Something that the operator should know. */
  readonly onWarning: (message: string) => void;
}

/** An `Upstream` that keeps at most one link in use and opens it when it is needed. */
export class ManagedUpstream implements Upstream {
  readonly #spec: UpstreamSpec;
  readonly #options: ManagedUpstreamOptions;
  readonly #links: LinkKeeper;
  readonly #resources = new Subscriptions();
  readonly #tasks = new Subscriptions();
  readonly #audience = new Audience(this.#resources, this.#tasks);
  #lastUsed: number;
  #active = 0;

  constructor(spec: UpstreamSpec, options: ManagedUpstreamOptions) {
    this.#spec = spec;
    this.#options = options;
    this.#lastUsed = options.now();
    this.#links = new LinkKeeper(spec, {
      ...options,
      events: {
        notification: (method, params, asker) => {
          options.onNotification(method, params);
          this.#audience.tell(method, params, asker);
        },
        warning: options.onWarning,
      },
      onReady: (link) => {
        this.#audience.begin();
        options.onReady();
        this.#restore(link);
      },
      onEnd: (error, diagnosis) => {
        options.onEnd(error, diagnosis);
        // A session that was lost is opened anew by the call that lost it.
        if (error.code !== 'UPSTREAM_SESSION_LOST') {
          this.#reopenForFollowers();
        }
      },
    });
  }

  get server(): string {
    return this.#spec.server;
  }

  get state(): Upstream['state'] {
    return this.#links.state;
  }

  async describe(): Promise<ServerDescription> {
    return await this.#using(async () => (await this.#links.acquire()).description);
  }

  async request(request: OutgoingRequest, options: RequestOptions): Promise<UpstreamReply> {
    return await this.#sendTwice(async (link) => await link.request(request, options), options.signal);
  }

  attach(listener: UpstreamListener): () => void {
    this.#audience.add(listener);
    return () => {
      this.#detach(listener);
    };
  }

  async setLogLevel(listener: UpstreamListener, level: LogLevel): Promise<void> {
    if (!this.#audience.has(listener)) {
      return;
    }
    this.#audience.wish(listener, level);
    await this.#sendTwice(async (link) => {
      await link.setLogLevel(this.#audience.wishedLevel ?? level);
    });
  }

  async subscribe(listener: UpstreamListener, uri: string): Promise<void> {
    await this.#follow(this.#resources, listener, uri, async (link) => {
      await link.subscribe(uri);
    });
    // It may have left meanwhile, and nobody would unsubscribe for it.
    if (!this.#audience.has(listener)) {
      await this.unsubscribe(listener, uri);
    }
  }

  async unsubscribe(listener: UpstreamListener, uri: string): Promise<void> {
    await this.#unfollow(this.#resources, listener, uri, async (link) => {
      await link.unsubscribe(uri);
    });
  }

  async followTask(listener: UpstreamListener, taskId: string): Promise<void> {
    await this.#follow(this.#tasks, listener, taskId, async (link) => {
      await link.followTask(taskId);
    });
    if (!this.#audience.has(listener)) {
      await this.unfollowTask(listener, taskId);
    }
  }

  async unfollowTask(listener: UpstreamListener, taskId: string): Promise<void> {
    await this.#unfollow(this.#tasks, listener, taskId, async (link) => {
      await link.unfollowTask(taskId);
    });
  }

  rootsChanged(asker: string): void {
    this.#links.link?.rootsChanged(asker);
  }

  health(): UpstreamHealth {
    return {
      server: this.server,
      state: this.state,
      inFlight: this.#active,
      starts: this.#links.starts,
      pid: this.#links.link?.pid,
      lastError: this.#links.lastError,
      diagnosis: this.#links.diagnosis,
    };
  }

  /** Counts as a use: whoever holds it now is about to. */
  touch(): void {
    this.#lastUsed = this.#options.now();
  }

  /** Ends the link when nobody has used it for the configured time. Returns whether this upstream holds nothing any more. */
  async stopIfIdle(): Promise<boolean> {
    if (this.#isIdle() && this.#resources.size + this.#tasks.size === 0) {
      await this.#links.stop();
    }
    return this.#isIdle() && this.#links.isEmpty && this.#audience.size === 0;
  }

  /** Waits until no call is in flight, at most `withinMs`, then ends. New calls are still accepted meanwhile. */
  async drain(withinMs: number): Promise<void> {
    const until = this.#options.now() + withinMs;
    while (this.#active > 0 && this.#options.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
    }
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#links[Symbol.asyncDispose]();
  }

  async #using<T>(work: () => Promise<T>): Promise<T> {
    this.#active += 1;
    this.touch();
    try {
      return await work();
    } finally {
      this.#active -= 1;
      this.touch();
    }
  }

  /** Does something with the link; once more on a new one when the session was lost, for then it surely was not done. */
  async #sendTwice<T>(send: (link: Link) => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#active += 1;
    this.touch();
    try {
      const link = this.#links.link ?? (await this.#links.acquire(signal));
      try {
        return await send(link);
      } catch (error) {
        if (!(error instanceof UpstreamError) || error.code !== 'UPSTREAM_SESSION_LOST') {
          throw error;
        }
        this.#links.retire(link, error);
      } finally {
        this.#links.released(link);
      }
      const next = await this.#links.acquire(signal);
      try {
        return await send(next);
      } finally {
        this.#links.released(next);
      }
    } finally {
      this.#active -= 1;
      this.touch();
    }
  }

  async #follow(
    subscriptions: Subscriptions,
    listener: UpstreamListener,
    name: string,
    ask: (link: Link) => Promise<void>,
  ): Promise<void> {
    await this.#using(async () => {
      await subscriptions.add(listener, name, async () => {
        await this.#sendTwice(ask);
      });
    });
  }

  async #unfollow(
    subscriptions: Subscriptions,
    listener: UpstreamListener,
    name: string,
    ask: (link: Link) => Promise<void>,
  ): Promise<void> {
    await this.#using(async () => {
      await subscriptions.remove(listener, name, async () => {
        if (this.#links.link !== undefined) {
          await this.#sendTwice(ask);
        }
      });
    });
  }

  #isIdle(): boolean {
    return (
      this.#active === 0 &&
      this.state !== 'starting' &&
      this.#options.now() - this.#lastUsed >= this.#spec.idleMs
    );
  }

  /** Asks a new link for what the listeners had asked an earlier one. Nobody waits: a server that refuses a setting still serves calls. */
  #restore(link: Link): void {
    this.#restoreLogLevel(link);
    // To a modern server all of them are one request.
    const atOnce = link.description.era === 'modern' ? Infinity : RESTORED_AT_ONCE;
    void this.#resources.restore(atOnce, async (uri) => {
      await link.subscribe(uri);
    });
    void this.#tasks.restore(atOnce, async (taskId) => {
      await link.followTask(taskId);
    });
  }

  #restoreLogLevel(link: Link): void {
    const level = this.#audience.wishedLevel;
    if (level !== undefined) {
      link.setLogLevel(level).catch(() => undefined);
    }
  }

  /** Whoever follows a resource makes no call that would start the server again. */
  #reopenForFollowers(): void {
    if (this.#resources.size + this.#tasks.size > 0 && this.state !== 'closed') {
      // A failure is told to `onFailure`; the next call tries again.
      this.#links.acquire().catch(() => undefined);
    }
  }

  #detach(listener: UpstreamListener): void {
    const before = this.#audience.wishedLevel;
    this.#audience.remove(listener);
    for (const uri of this.#resources.of(listener)) {
      this.unsubscribe(listener, uri).catch(() => undefined);
    }
    for (const taskId of this.#tasks.of(listener)) {
      this.unfollowTask(listener, taskId).catch(() => undefined);
    }
    const after = this.#audience.wishedLevel;
    if (after !== before && this.#links.link !== undefined) {
      this.#restoreLogLevel(this.#links.link);
    }
  }
}
